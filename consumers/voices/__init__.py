"""Voices, for `diarize` (models run for each window) and `cluster` (once, over all windows).

`diarization` has the port `Diarizer` and what it works on: chunks of a `grid`, `embeddings`,
`utterances`. `pyannote_diarizer` implements the port and lists all that we do to pyannote;
`pyannote_models` and `campplus` load its models.

`clustering` has the port `Clustering`, for which no library of models is loaded with the weights
that we ship. `session_clustering` implements it: by a `voice_tree`, or by local speakers alone
(`agglomerative`, or `pipeline_clusters` for a pipeline by name). `loaded_clustering` chooses.
"""
