"""Consumer group `diarize`: a window's audio -> local speaker activity and embeddings."""
