"""The grid of diarization chunks over a session, and which window owns which of them. Pure."""

from dataclasses import dataclass

from schemas.audio import DIARIZATION_CHUNK_MS

EDGE_MS = 200
"""An utterance that ends this close to a window's end may go on in the next, which then owns it.

Longer than the pause that ends an utterance.
"""


@dataclass(frozen=True)
class Grid:
    """Chunks of `chunk_ms` every `step_ms` from the session's start.

    The last one is padded with silence at the session's end.
    """

    chunk_ms: int
    step_ms: int

    def count(self, total_ms: int) -> int:
        """Number of chunks that a pass over a whole file of `total_ms` makes.

        The same as pyannote.audio's `Inference.slide`.
        """
        if total_ms <= 0:
            return 0
        if total_ms < self.chunk_ms:
            return 1
        steps, rest_ms = divmod(total_ms - self.chunk_ms, self.step_ms)
        return steps + 1 + (rest_ms > 0)

    def owned(self, start_ms: int, end_ms: int, session_end_ms: int | None) -> range:
        """Numbers of the chunks that end in (start_ms, end_ms].

        The session's last window, which knows `session_end_ms`, owns all chunks that are left.
        """
        first = self._ended_by(start_ms)
        last = self._ended_by(end_ms) if session_end_ms is None else self.count(session_end_ms)
        return range(first, max(first, last))

    def start_ms(self, chunks: range) -> int:
        """Start of the first of `chunks` on the session's timeline."""
        return chunks.start * self.step_ms

    def end_ms(self, chunks: range) -> int:
        """End of the last of `chunks`, which may be after the session's end."""
        return (chunks.stop - 1) * self.step_ms + self.chunk_ms

    def utterance_ends(self, chunks: range, is_last: bool) -> tuple[int, int]:
        """Interval (after, until] in ms from the start of the first of `chunks`.

        An utterance belongs to the window in whose interval it ends; intervals do not overlap.
        """
        after = 0
        if chunks.start:
            after = self.chunk_ms - self.step_ms - EDGE_MS
        until = self.end_ms(chunks) - self.start_ms(chunks)
        if not is_last:
            until -= EDGE_MS
        return after, until

    def _ended_by(self, at_ms: int) -> int:
        return max(0, (at_ms - self.chunk_ms) // self.step_ms + 1)


def grid_of(step_s: float) -> Grid:
    """The grid of chunks as long as our models hear, one every `step_s` seconds."""
    return Grid(DIARIZATION_CHUNK_MS, round(step_s * 1000))
