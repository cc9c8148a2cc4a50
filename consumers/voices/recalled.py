"""SpeakerDiarization that can be told what was heard: the rest of pyannote's `apply` then runs unchanged."""

from typing import Any

from pyannote.audio.pipelines import SpeakerDiarization

from consumers.voices.reconstruction import activations, annotated, discrete


class RecalledDiarization(SpeakerDiarization):
    """With `file["recalled"] = (segmentations, embeddings)` no model runs; without it nothing differs."""

    def get_segmentations(self, file: Any, hook: Any = None) -> Any:
        """(chunks, frames, local speakers): recalled, or heard."""
        return (
            file["recalled"][0]
            if "recalled" in file
            else super().get_segmentations(file, hook=hook)
        )

    def get_embeddings(
        self, file: Any, binary_segmentations: Any, exclude_overlap: bool = False, hook: Any = None
    ) -> Any:
        """(chunks, local speakers, dimension): recalled, or heard."""
        if "recalled" in file:
            return file["recalled"][1]
        return super().get_embeddings(
            file, binary_segmentations, exclude_overlap=exclude_overlap, hook=hook
        )

    def reconstruct(self, segmentations: Any, hard_clusters: Any, count: Any) -> Any:
        """The same as pyannote's, which holds frames x speakers x chunks of the whole session."""
        return discrete(activations(segmentations, hard_clusters, count.sliding_window), count)

    @staticmethod
    def to_annotation(
        discrete_diarization: Any, min_duration_on: float = 0.0, min_duration_off: float = 0.0
    ) -> Any:
        """The same as pyannote's, whose loops take as long as the clustering of an hour."""
        if min_duration_on:
            return SpeakerDiarization.to_annotation(
                discrete_diarization, min_duration_on, min_duration_off
            )
        found = annotated(discrete_diarization)
        return found.support(collar=min_duration_off) if min_duration_off else found
