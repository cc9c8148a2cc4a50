"""Pure: provisional answers, while the phone still records."""

from collections.abc import Sequence

from api.figures import most_first
from api.sessions.models import Provisional, ProvisionalSpeaker
from api.sessions.rows import EtaRow, ProvisionalVoicesRow, ProvisionalWordsRow
from schemas.ids import SpeakerLabel, label_order


def provisional(
    etas: Sequence[EtaRow],
    voices: Sequence[ProvisionalVoicesRow],
    words: Sequence[ProvisionalWordsRow],
) -> Provisional:
    """Talk time and counts of every provisional speaker, by number."""
    words_of = {row.speaker: row for row in words}
    talk = _talk_ms(voices)
    labels = sorted(talk.keys() | words_of.keys(), key=label_order)
    eta_s = None
    if etas:
        eta_s = etas[0].eta_ms / 1000
    return Provisional(
        eta_s=eta_s,
        speakers=[_speaker(label, talk.get(label, 0), words_of.get(label)) for label in labels],
    )


def _talk_ms(voices: Sequence[ProvisionalVoicesRow]) -> dict[SpeakerLabel, int]:
    if not voices:
        return {}
    return dict(zip(voices[0].speakers, voices[0].talk_ms, strict=True))


def _speaker(
    label: SpeakerLabel, talk_ms: int, words: ProvisionalWordsRow | None
) -> ProvisionalSpeaker:
    return ProvisionalSpeaker(
        speaker=label,
        talk_s=talk_ms / 1000,
        words_spoken=words.spoken_words if words else 0,
        words=most_first(words.words) if words else {},
    )
