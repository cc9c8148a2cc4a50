"""Made-up histories of people, for the reference and for the product alike."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Utterance:
    """A counted word, so many milliseconds after its session began."""

    speaker: str
    word: str
    at_ms: int


@dataclass(frozen=True)
class Recorded:
    """One session.

    `claims`: (speaker, user) in order; user "" is a release. `recounted`: the words of a recount,
    None when there was none.
    """

    session_id: str
    start_ms: int
    zone: str
    length_ms: int
    talk_ms: dict[str, int]
    spoken: dict[str, int]
    said: tuple[Utterance, ...]
    claims: tuple[tuple[str, str], ...]
    recounted: tuple[Utterance, ...] | None = None

    @property
    def final(self) -> tuple[Utterance, ...]:
        """The words that count in the end."""
        return self.said if self.recounted is None else self.recounted

    def owner(self, speaker: str) -> str:
        """The user who has the speaker in the end: the first to claim them while they are free."""
        holder = ""
        for claimed, user in self.claims:
            if claimed != speaker:
                continue
            is_release = not user
            if is_release or not holder:
                holder = user
        return holder

    def local(self, at_ms: int) -> datetime:
        """On the clock of the place."""
        return datetime.fromtimestamp((self.start_ms + at_ms) / 1000, ZoneInfo(self.zone))

    def day(self, at_ms: int) -> date:
        """The day, which ends at four in the morning."""
        local = self.local(at_ms)
        if local.hour < 4:
            return local.date() - timedelta(days=1)
        return local.date()
