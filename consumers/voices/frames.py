"""Frames of a segmentation model on a session's timeline. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Frames:
    """A frame every `step_ms`. The first one begins with the session. Each hears `length_ms`."""

    step_ms: float
    length_ms: float

    def at(self, start_ms: float) -> int:
        """The frame of the session that is nearest to the first one of a chunk."""
        return round(start_ms / self.step_ms)

    def middle_ms(self, frame: int) -> float:
        """Where a turn begins or ends that changes at the frame."""
        return frame * self.step_ms + self.length_ms / 2


SEGMENTATION_3 = Frames(step_ms=270 / 16, length_ms=991 / 16)
"""Of segmentation-3.0: samples at 16 kHz, as pyannote works them out from the model's layers."""
