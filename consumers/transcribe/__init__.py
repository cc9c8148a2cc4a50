"""Consumer group `transcribe`: a window's audio becomes words, with candidates beside them.

In the order of the work: `step` cuts windows at quiet places (`speech_spans`) and gives them to
`transcriber`, which packs their speech, has it decoded (`whisper`, `recognition`), drops
`hallucinations`, and has candidates scored (`rescoring`, `candidates`, `phonetics`).
"""
