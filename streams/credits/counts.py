"""The counts of a session in the credits fold: of windows, of speakers, of a whole generation."""

import msgspec
from msgspec.structs import replace

from schemas.ids import SpeakerLabel, UserId
from schemas.ranges import Ranges
from schemas.speech_events import SpeakerSummary

Days = dict[str, dict[str, int]]
"""Day -> word -> count."""
Moments = dict[str, dict[str, tuple[int, ...]]]
"""Day -> word -> times at which it was said, Unix milliseconds."""


class WindowCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The counted words of one window by speaker; `spoken` is the number of all words.

    `maybe`: words that count when the owner of the voice says so.
    `former`: the counts of the generation that people see, while a newer one is being counted.
    """

    generation: int
    day: str
    said: dict[SpeakerLabel, Moments]
    maybe: dict[SpeakerLabel, Moments] = {}
    spoken: dict[SpeakerLabel, int]
    missing: Ranges
    former: "WindowCounts | None" = None

    def of(self, generation: int) -> "WindowCounts | None":
        """Returns the counts of a generation; None when the window has none of it."""
        for window in (self, self.former):
            if window and window.generation == generation:
                return replace(window, former=None)
        return None


class SpeakerTotals(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of one speaker in one generation; `spoken` is day -> number of all words."""

    days: Days = {}
    spoken: dict[str, int] = {}
    talk_ms: int = 0


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The newest complete generation by speaker; `spoken` is day -> number of all words."""

    generation: int
    lexicon: str
    speakers: tuple[SpeakerSummary, ...]
    days: dict[SpeakerLabel, Days]
    spoken: dict[SpeakerLabel, dict[str, int]]
    missing: Ranges
    total_ms: int = 0

    @property
    def labels(self) -> set[SpeakerLabel]:
        """The labels of the generation's speakers."""
        return {speaker.label for speaker in self.speakers}

    def summary(self, label: SpeakerLabel) -> SpeakerSummary | None:
        """Returns the speaker's summary; None for a label that this generation does not have."""
        return next(
            (speaker for speaker in self.speakers if speaker.label == label),
            None,
        )

    def of(self, label: SpeakerLabel) -> SpeakerTotals:
        """Returns the speaker's counts; none for a label that this generation does not have."""
        summary = self.summary(label)
        if summary is None:
            return SpeakerTotals()
        return SpeakerTotals(
            days=self.days.get(label, {}),
            spoken=self.spoken.get(label, {}),
            talk_ms=summary.talk_ms,
        )


class Credited(msgspec.Struct, frozen=True, kw_only=True):
    """Day -> words that were ever sent for a user while they have the speaker.

    A word that a newer credit no longer has is sent as 0.
    """

    user_id: UserId
    speaker: SpeakerLabel
    days: dict[str, tuple[str, ...]]
