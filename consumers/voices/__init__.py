"""Diarization split where it can be: listening per window, identifying once; shared by `diarize` and `cluster`."""
