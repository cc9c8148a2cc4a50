"""Consumer group `transcribe`: a window's audio becomes words, with candidates beside them."""
