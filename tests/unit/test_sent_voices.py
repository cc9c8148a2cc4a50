"""A claim or a verdict sends the voices that it changes, and no others."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.claim_events import ClaimKind, Verdict
from schemas.event import Event
from schemas.ids import SpeakerLabel
from schemas.word_events import VoiceCredited, WordsCredited
from tests.credit_history import agree, claim, forget, release, run, tag
from tests.verdict_history import LAHS, row, verdict, with_rows

LABELS = ("S1", "S2", "S3", "S4")


def told(generation: int = 1) -> list[Event]:
    """A generation in which each of four speakers said lah three times."""
    rows = [
        row(n * len(LAHS) + m, "lah", ms, speaker)
        for n, speaker in enumerate(LABELS)
        for m, ms in enumerate(LAHS)
    ]
    return with_rows(generation, LABELS, rows)


THREE = [*told(), claim("1", "S1", "mei"), claim("2", "S2", "raj"), claim("3", "S3", "siti")]


def sent_by(*events: Event) -> tuple[list[str], list[str]]:
    """The speakers whose words, and whose voices, the last event sends after those of THREE."""
    before = len(run([*THREE, *events[:-1]]))
    new = run([*THREE, *events])[before:]
    words: list[str] = [one.speaker for one in new if isinstance(one, WordsCredited)]
    voices: list[str] = [one.speaker for one in new if isinstance(one, VoiceCredited)]
    return words, sorted(voices)


def test_a_verdict_sends_the_voice_that_it_is_about() -> None:
    assert sent_by(verdict("v", LAHS[1])) == (["S1"], ["S1"])
    assert sent_by(verdict("v", LAHS[1]), verdict("w", LAHS[1], Verdict.NONE)) == (["S1"], ["S1"])


def test_somebody_who_comes_or_leaves_is_company_to_all_others() -> None:
    assert sent_by(claim("4", "S4", "ali")) == (["S4"], ["S1", "S2", "S3", "S4"])
    assert sent_by(release("4", "S3", "siti")) == (["S3"], ["S1", "S2", "S3"])


def test_a_second_voice_of_somebody_who_is_there_is_sent_alone() -> None:
    assert sent_by(claim("4", "S4", "raj")) == (["S4"], ["S4"])
    assert sent_by(claim("4", "S4", "raj"), release("5", "S4", "raj")) == (["S4"], ["S4"])


def test_a_guest_is_no_company() -> None:
    guest = replace(claim("4", "S4", "mei"), kind=ClaimKind.GUEST, guest_name="Zoe", event_id="")
    assert sent_by(guest) == ([], [])
    assert sent_by(guest, forget("mei")) == (["S1"], ["S1", "S2", "S3"])


def test_a_generation_sends_all_voices() -> None:
    assert sent_by(*told(2)) == (["S1", "S2", "S3"], ["S1", "S2", "S3"])


PEOPLE = st.sampled_from(["mei", "raj", "siti"])
SPEAKERS = st.sampled_from(LABELS)
REQUESTS = st.one_of(
    st.builds(claim, st.uuids().map(str), SPEAKERS, PEOPLE),
    st.builds(release, st.uuids().map(str), SPEAKERS, PEOPLE),
    st.builds(tag, st.uuids().map(str), SPEAKERS, PEOPLE),
    st.builds(agree, st.uuids().map(str), SPEAKERS, PEOPLE),
    st.builds(
        verdict,
        st.uuids().map(str),
        st.sampled_from(LAHS),
        st.sampled_from(list(Verdict)),
        by=PEOPLE,
        speaker=SPEAKERS,
    ),
)


@given(st.lists(REQUESTS, max_size=12))
def test_what_is_not_sent_is_as_it_was(requests: Sequence[Event]) -> None:
    """A generation with the same words sends everything: it says nothing new."""
    now = newest(run([*told(), *requests]))
    again = newest(run([*told(), *requests, *told(2)]))
    assert now.keys() == again.keys()
    for place, (words, voice) in again.items():
        former_words, former_voice = now[place]
        assert former_words.days == words.days
        assert (former_words.spoken, former_words.talk_ms) == (words.spoken, words.talk_ms)
        same = replace(
            former_voice,
            event_id="",
            occurred_at_ms=voice.occurred_at_ms,
            credit_version=voice.credit_version,
        )
        assert same == voice


def newest(
    out: Sequence[Event],
) -> dict[tuple[str, SpeakerLabel], tuple[WordsCredited, VoiceCredited]]:
    words = {(one.user_id, one.speaker): one for one in out if isinstance(one, WordsCredited)}
    voices = {(one.user_id, one.speaker): one for one in out if isinstance(one, VoiceCredited)}
    return {place: (words[place], voice) for place, voice in voices.items()}
