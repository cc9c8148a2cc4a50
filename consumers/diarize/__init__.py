"""Consumer group `diarize`: a window's audio becomes voices: activity and embeddings."""
