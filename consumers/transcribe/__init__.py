"""Consumer group `transcribe`: a window's audio becomes words, with candidates beside them.

In the order of the work:

- `step` cuts windows at quiet places (`speech_spans`)
- `transcriber` packs their speech
- `whisper` and `recognition` decode it
- `hallucinations` filters the text
- `candidates` and `phonetics` find candidates; `rescoring` scores them
"""
