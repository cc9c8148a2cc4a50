"""Voices, for `diarize` (models run for each window) and `cluster` (once, over all windows)."""
