"""Pure: provisional answers, while the phone still records."""

from api.figures import most_first
from api.sessions.models import Provisional, ProvisionalSpeaker
from api.sessions.rows import ProvisionalWords, SessionRow
from schemas.ids import SpeakerLabel, label_order


def provisional(row: SessionRow) -> Provisional | None:
    """Talk time and counts of every provisional speaker, by number. None when it is over."""
    if row.is_over:
        return None
    words_of = {words.speaker: words for words in row.provisional_words}
    talk = dict(zip(row.provisional_speakers, row.provisional_talk_ms, strict=True))
    labels = sorted(talk.keys() | words_of.keys(), key=label_order)
    eta_s = None
    if row.eta_ms is not None:
        eta_s = row.eta_ms / 1000
    return Provisional(
        eta_s=eta_s,
        speakers=[_speaker(label, talk.get(label, 0), words_of.get(label)) for label in labels],
    )


def _speaker(
    label: SpeakerLabel, talk_ms: int, words: ProvisionalWords | None
) -> ProvisionalSpeaker:
    return ProvisionalSpeaker(
        speaker=label,
        talk_s=talk_ms / 1000,
        words_spoken=words.spoken_words if words else 0,
        words=most_first(words.words) if words else {},
    )
