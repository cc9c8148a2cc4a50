"""Pure: a user's words in one session, over all speakers that the user claimed there."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from api.figures import most_first
from api.sessions.counts import Spoken
from api.sessions.models import SessionAnswer
from api.users.models import MyStats
from api.users.rows import OwnDayRow
from schemas.ids import SpeakerLabel, label_order


@dataclass(frozen=True)
class OwnWords:
    """Speakers that are the user's and said something, their talk and their words."""

    speakers: list[SpeakerLabel]
    talk_s: float
    spoken: Spoken

    @classmethod
    def of(cls, rows: Iterable[OwnDayRow]) -> Self:
        """All rows of one session. A released claim leaves rows without anything."""
        speakers: set[SpeakerLabel] = set()
        counts: Counter[str] = Counter()
        talk_ms = 0
        words_spoken = 0
        for row in rows:
            if not (row.words or row.spoken or row.talk_ms):
                continue
            speakers.add(row.speaker)
            counts.update(row.counts_by_word())
            talk_ms += row.talk_ms
            words_spoken += row.spoken
        spoken = Spoken(words_spoken, most_first(counts))
        return cls(sorted(speakers, key=label_order), talk_ms / 1000, spoken)

    def stats(self, session: SessionAnswer) -> MyStats:
        """As the answer about one session."""
        return MyStats(
            session_id=session.session_id,
            recorded_at=session.recorded_at,
            state=session.state,
            speakers=self.speakers,
            talk_s=self.talk_s,
            **dict(self.spoken.rates()),
        )
