"""Consumer group `transcribe`: a window's audio -> words with their evidence."""
