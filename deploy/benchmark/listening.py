"""`lahstats benchmark listening`: each counted word is cut out and recognised alone.

Nobody wrote down which Singlish words real talk has. So the same model is asked again in other
ways, of the word with little around it. Three ways are prompts. The fourth forces the text with the
word, and without it, on the audio. That is agreement, not truth: the ways share the model's ears.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from consumers.audio.decoder import Samples
from consumers.transcribe.recognised import Recognised
from deploy.benchmark.in_process import Stages, read
from deploy.benchmark.reports import commit, grouped
from deploy.table_printer import markdown as table
from schemas.audio import SAMPLES_PER_MS
from schemas.ids import SpeakerLabel
from schemas.objects import AttributedWord
from streams.tally.counter import Counted, Counter

BLOCK = "listening"
HEAD = """Written by `lahstats benchmark listening FOLDER --page docs/accuracy.md`
at commit {commit}.
{shown} counts of {recordings} recordings were cut out: at least half of the ways agree with
{agreed} of them.
Of {maybes} maybes they agree with {doubted}."""
AROUND_MS = 600
"""Audio on both sides of the word."""
LONGEST_MS = 1_000
"""A counted word is taken for no longer: the aligner stretches some over a pause."""
FORCED = "forced"
"""The way that recognises nothing: it compares the text with the word and without it."""


@dataclass(frozen=True)
class Listened:
    """One counted word, and which ways heard it again."""

    recording: str
    word: str
    at_s: float
    maybe: bool
    ways: dict[str, bool]

    @property
    def agreed(self) -> bool:
        """Whether at least half of the ways heard it."""
        return 2 * sum(self.ways.values()) >= len(self.ways)


@dataclass(frozen=True)
class Agreement:
    """One word: how often it was counted, how often at least half of the ways agreed, and each."""

    word: str
    counted: int
    agreed: int
    ways: dict[str, int]


class Listener:
    """Loads the models once. Blocking."""

    def __init__(self) -> None:
        self._lexicon = shipped_lexicon()
        self._stages = Stages(Settings())
        self._counter = Counter(self._lexicon)
        self._prompts = {
            "words and style": self._lexicon.prompt(),
            "style": self._lexicon.style,
            "no prompt": "",
        }

    def listen(self, path: Path) -> Iterator[Listened]:
        """Yield each word that is counted in the recording, maybes too."""
        samples = read(path)
        outcome = self._stages.run(samples)
        for counted in outcome.counted:
            words = [word for word in outcome.words if _is_near(word, counted)]
            cut = _cut(samples, words, counted)
            ways = self._ways(cut, counted, words)
            at_s = counted.start_ms / 1000
            yield Listened(path.stem, counted.word, at_s, counted.maybe, ways)

    def _ways(
        self, cut: Samples, counted: Counted, words: Sequence[AttributedWord]
    ) -> dict[str, bool]:
        found: dict[str, bool] = {}
        alone: Recognised | None = None
        for name, prompt in self._prompts.items():
            [alone] = self._stages.whisper.recognise([cut], prompt)
            found[name] = counted.word in self._heard(alone)
        if alone is not None:
            found[FORCED] = self._forced(alone, counted, words)
        return found

    def _heard(self, recognised: Recognised) -> set[str]:
        """The lexicon words in a text, whatever their sense: the clause is cut off."""
        words = list(chain.from_iterable(one.words for one in recognised.segments))
        texts = [word.text.strip() for word in words]
        counted = self._counter.count([_said_alone(text, n) for n, text in enumerate(texts)])
        heard = {one.word for one in counted}
        spelled = {text.strip(".,!?;:…").lower() for text in texts}
        for entry in self._lexicon.words:
            if not spelled.isdisjoint(entry.spellings):
                heard.add(entry.word)
        return heard

    def _forced(self, alone: Recognised, counted: Counted, words: Sequence[AttributedWord]) -> bool:
        """Whether the text with the word is likelier on this audio than without it."""
        said, other = _with_and_without(counted, words)
        if not other:
            return True
        with_word, without = self._stages.whisper.log_likelihoods(alone.states, [said, other])
        return with_word >= without


def _with_and_without(counted: Counted, words: Sequence[AttributedWord]) -> tuple[str, str]:
    """The text around the word with it, and as it is without it.

    Of a mis-hearing the latter has what the recogniser wrote in its place.
    """
    before = [word.text for word in words if word.start_ms < counted.start_ms]
    after = [word.text for word in words if word.start_ms > counted.start_ms]
    instead: list[str] = []
    if counted.evidence is not None and counted.evidence.candidate is not None:
        instead = [word.text for word in words if word.start_ms == counted.start_ms]
    with_word = " ".join([*before, counted.word, *after])
    without = " ".join([*before, *instead, *after])
    return with_word, without


def _said_alone(text: str, number: int) -> AttributedWord:
    """A word of one speaker, at a moment of its own."""
    return AttributedWord(
        text=text,
        start_ms=number,
        end_ms=number,
        probability=1.0,
        speaker=SpeakerLabel("S1"),
    )


def _is_near(word: AttributedWord, counted: Counted) -> bool:
    if word.start_ms == counted.start_ms:
        return True
    middle_ms = (word.start_ms + word.end_ms) / 2
    first_ms = counted.start_ms - AROUND_MS
    last_ms = counted.start_ms + LONGEST_MS
    return first_ms <= middle_ms <= last_ms


def _cut(samples: Samples, words: Sequence[AttributedWord], counted: Counted) -> Samples:
    """The audio of the word and AROUND_MS on both sides."""
    start_ms = counted.start_ms
    own_ends_ms = [word.end_ms for word in words if word.start_ms == start_ms]
    end_ms = max(own_ends_ms, default=start_ms)
    end_ms = min(end_ms, start_ms + LONGEST_MS)
    from_ms = max(0, start_ms - AROUND_MS)
    to_ms = end_ms + AROUND_MS
    return samples[from_ms * SAMPLES_PER_MS : to_ms * SAMPLES_PER_MS]


def by_word(found: Sequence[Listened]) -> list[Agreement]:
    """Return the agreement of each word that was counted, in order."""
    words = grouped(found, lambda one: one.word)
    return [_agreement(word, some) for word, some in words.items()]


def _agreement(word: str, found: Sequence[Listened]) -> Agreement:
    ways = dict.fromkeys(found[0].ways, 0)
    for one in found:
        for name, has_agreed in one.ways.items():
            ways[name] += has_agreed
    agreed = sum(one.agreed for one in found)
    return Agreement(word, len(found), agreed, ways)


def document(found: Sequence[Listened]) -> dict[str, object]:
    """Return every count and the agreement of each word as JSON values."""
    counts = [{**asdict(one), "agreed": one.agreed} for one in found]
    words = [asdict(one) for one in by_word(_shown(found))]
    return {"counts": counts, "words": words}


def markdown(found: Sequence[Listened]) -> list[str]:
    """Return a table of the words that are shown."""
    agreements = by_word(_shown(found))
    ways = list(agreements[0].ways) if agreements else []
    return table(("word", "counted", "half agree", *ways), _rows(agreements))


def _rows(agreements: Sequence[Agreement]) -> Iterator[tuple[object, ...]]:
    for one in agreements:
        yield one.word, one.counted, one.agreed, *one.ways.values()


def block(found: Sequence[Listened]) -> str:
    """Return the text of the page's block."""
    shown = _shown(found)
    maybes = [one for one in found if one.maybe]
    head = HEAD.format(
        commit=commit(),
        shown=len(shown),
        recordings=len({one.recording for one in found}),
        agreed=sum(one.agreed for one in shown),
        maybes=len(maybes),
        doubted=sum(one.agreed for one in maybes),
    )
    return "\n".join([head, "", *markdown(found)])


def _shown(found: Sequence[Listened]) -> list[Listened]:
    return [one for one in found if not one.maybe]
