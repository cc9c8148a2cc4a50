"""The fuse: stops a process that sends too many dead letters in a row."""

FUSE_IN_A_ROW = 10
"""Dead letters in a row that are allowed. More of them mean a bad deploy, not bad messages."""


class FuseBlown(RuntimeError):
    """Too many dead letters in a row. The process ends before it drains its whole topic."""


class Fuse:
    """Counts the dead letters in a row of one stage."""

    def __init__(self, stage: str) -> None:
        """`stage` is named in the error."""
        self._stage = stage
        self._in_a_row = 0

    def reset(self) -> None:
        """A message was handled: the row begins again."""
        self._in_a_row = 0

    def add(self, dead_letters: int) -> None:
        """Count more of them. Raises FuseBlown when the row is longer than FUSE_IN_A_ROW."""
        self._in_a_row += dead_letters
        if self._in_a_row > FUSE_IN_A_ROW:
            raise FuseBlown(
                f"{self._in_a_row} dead letters in a row in {self._stage}: "
                "look at `lahstats dlq list` before starting it again"
            )
