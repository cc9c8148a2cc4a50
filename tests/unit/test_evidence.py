"""Weak evidence makes a maybe: words that nobody said, of real recordings without Singlish."""

import pytest
from msgspec.structs import replace

from adapters.objects.lexicons import shipped_lexicon
from schemas.ids import SpeakerLabel
from schemas.objects import AttributedWord, Candidate
from streams.tally.counter import Counted, Counter
from streams.tally.evidence import Evidence, calibration

COUNTER = Counter(shipped_lexicon())


def spoken(text: str, english: float, sure: float = 0.9, **odd: float) -> list[AttributedWord]:
    """The words of `text`: all of the probability `sure`, but for those that `odd` names."""
    return [
        AttributedWord(
            text=word,
            start_ms=n * 300,
            end_ms=n * 300 + 250,
            probability=odd.get(word.strip(",.?!").lower(), sure),
            speaker=SpeakerLabel("S1"),
            english=english,
        )
        for n, word in enumerate(text.split())
    ]


def counts(words: list[AttributedWord]) -> list[tuple[str, bool]]:
    return [(one.word, one.maybe) for one in COUNTER.count(words)]


def test_clear_singlish_is_shown_also_when_it_comes_alone() -> None:
    assert counts(spoken("This noodle is damn shiok", 0.97, shiok=0.8)) == [("shiok", False)]


def test_a_weak_word_is_shown_among_clear_ones_and_a_maybe_alone() -> None:
    alone = spoken("He said it is over there leh", 0.95, leh=0.03)
    assert counts(alone) == [("leh", True)]
    talk = "Can lah, why not. Wah damn shiok sia. Alamak, he said it is over there leh"
    among = counts(spoken(talk, 0.95, leh=0.03))
    assert ("leh", False) in among
    assert all(not maybe for _, maybe in among)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Jintian tian chi zhi zhi meh ah? How do", 0.05),
        ("Eh, so the hor is aiyo very tio lah", 0.002),
    ],
)
def test_mandarin_holds_no_false_counts_up(text: str, language: float) -> None:
    """Several in one window, as in the recordings: none of them makes another one likelier."""
    found = counts(spoken(text, language, sure=0.45))
    assert len(found) >= 2
    assert all(maybe for _, maybe in found)


def test_an_improbable_mis_hearing_holds_nothing_up() -> None:
    """English news: the recogniser wrote "Aiyo" for a state, and "well how" sounds like walao."""
    news = "Flying this morning in Aiyo, despite a campaign that he ran. Well how can you be there"
    words = spoken(news, 0.96, sure=0.92, aiyo=0.12, well=0.23)
    well = next(n for n, word in enumerate(words) if word.text == "Well")
    walao = Candidate(spelling="walao", nats=-4.67, words=2, distance=0.14)
    words[well] = replace(words[well], candidates=(walao,))
    assert counts(words) == [("aiyo", True), ("walao", True)]


@pytest.mark.parametrize("sound", ["ah", "eh", "huh"])
def test_somebody_who_hesitates_is_no_singaporean(sound: str) -> None:
    """An American call: each "uh" that was written as "ah" made the others surer."""
    talk = f"{sound}, for clarity on my end, {sound}, is it new? {sound}, it is a silly question"
    found = counts(spoken(talk, 0.99, sure=0.86, **{sound: 0.29}))
    assert found == [(sound, True)] * 3
    among = counts(spoken(f"Wah damn shiok sia. Then how {sound}", 0.99, **{sound: 0.29}))
    assert (sound, False) in among


def test_where_a_window_is_cut_makes_no_difference() -> None:
    """Four right counts of 225 were maybes at one offset, and thirteen at another."""
    talk = "Can lah, why not. Wah damn shiok sia. Alamak, he said it is over there leh. I go lor."
    words = spoken(talk, 0.95, leh=0.03, lor=0.03)
    whole = COUNTER.count(words)
    assert sum(one.maybe for one in whole) < len(whole)
    ends = [n + 1 for n, word in enumerate(words) if word.text.endswith((".", ","))]
    for cut in ends:
        left = words[:cut]
        right = words[cut:]
        beside = [*COUNTER.count(left, after=right), *COUNTER.count(right, before=left)]
        assert beside == whole


def test_clear_words_a_minute_away_hold_nothing_up() -> None:
    talk = spoken("Can lah, why not. Wah damn shiok sia. Alamak.", 0.95)
    weak = spoken("He said it is over there leh", 0.95, leh=0.03)
    near = [later(word, 10_000) for word in weak]
    far = [later(word, 60_000) for word in weak]
    assert [one.maybe for one in COUNTER.count(near, before=talk)] == [False]
    assert [one.maybe for one in COUNTER.count(far, before=talk)] == [True]


def later(word: AttributedWord, ms: int) -> AttributedWord:
    return replace(word, start_ms=word.start_ms + ms, end_ms=word.end_ms + ms)


def test_a_mis_hearing_alone_in_plain_english_is_a_maybe() -> None:
    """A telephone call: "Diane" was written "Dianne", which sounds like tahan."""
    words = spoken("I went to the shop with Dianne yesterday", 0.98, dianne=0.5)
    tahan = Candidate(spelling="tahan", nats=-0.37, distance=0.225, common=False)
    words[6] = AttributedWord(
        text="Dianne",
        start_ms=words[6].start_ms,
        end_ms=words[6].end_ms,
        probability=0.5,
        speaker=SpeakerLabel("S1"),
        english=0.98,
        candidates=(tahan,),
    )
    assert counts(words) == [("tahan", True)]


def test_more_evidence_never_makes_a_count_less_probable() -> None:
    """The weights are fitted: those of evidence that speaks for a word must not turn around."""
    for weights in (calibration().spelled, calibration().misheard):
        positive = ("written", "around", "english", "company")
        assert all(weights[name] >= 0 for name in positive)
    assert calibration().misheard["nats"] >= 0
    assert calibration().misheard["tenths"] <= 0


def test_every_weight_has_its_feature() -> None:
    candidate = Candidate(spelling="lah", nats=0.0)
    for given, weights in (
        (None, calibration().spelled),
        (candidate, calibration().misheard),
    ):
        evidence = Evidence(0.5, 0.5, 0.5, is_brief=False, candidate=given)
        assert set(weights) == set(evidence.features())


def test_the_probability_is_the_one_that_decides() -> None:
    def check(one: Counted) -> None:
        assert one.maybe == (one.probability < calibration().shown_from)

    for one in COUNTER.count(spoken("Can lah, why not. Wah aiyo so leh meh", 0.6, sure=0.4)):
        check(one)


@pytest.mark.parametrize(
    ("single", "pair"),
    [
        (("goondula", "goondu"), ("goondula", "goondu lah")),
        (("tepeng", "teh"), ("tepeng", "teh peng")),
        (("shiok", ""), ("shiok-sia", "")),
    ],
)
def test_words_that_are_written_as_one_are_one_piece_of_evidence(
    single: tuple[str, str], pair: tuple[str, str]
) -> None:
    """A pair was company to itself: twice as probable as a single word, by the same evidence."""
    word, neighbour = companies_of(*single)
    assert word < neighbour
    assert companies_of(*pair) == [word, word, neighbour]


def companies_of(text: str, misheard_as: str) -> list[float]:
    """The company of each count that `text` is, and of a leh behind it."""
    words = spoken(f"You see this {text} and leh", 0.95, leh=0.06)
    if misheard_as:
        candidate = Candidate(spelling=misheard_as, nats=6.0, distance=0.0, common=False)
        words[3] = replace(words[3], candidates=(candidate,))
    return [found.evidence.company for found in COUNTER.count(words) if found.evidence]
