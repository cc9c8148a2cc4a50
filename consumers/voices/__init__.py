"""Voices, for `diarize` (models run for each window) and `cluster` (once, over all windows).

`diarization` has the port `Diarizer` and what it works on: chunks of a `grid`, `embeddings`,
`utterances`. `pyannote_diarizer` implements the port and lists all that we do to pyannote;
`pyannote_models` and `campplus` load its models.
"""
