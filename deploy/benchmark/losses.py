"""Why words that were said are not shown as counts: each one under the first cause that holds."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from adapters.objects.lexicons import shipped_lexicon
from consumers.transcribe.spelling import bare
from deploy.benchmark.evidence import NEAR_MS
from deploy.benchmark.in_process import Outcome
from deploy.benchmark.spoken_truth import Moment, moments
from schemas.nearest import nearest_pairs
from schemas.objects import AttributedWord
from streams.tally.counter import Counted

MAYBE = "a maybe"
SPEAKER = "credited to another speaker"
SENSE = "written, and not in its Singlish sense where it stands"
REFUSED = "a candidate with too little evidence, or another one was nearer"
NOTHING = "nothing is written there"
OTHER = "heard as other words, of which it was no candidate"
CAUSES = (OTHER, REFUSED, NOTHING, SENSE, MAYBE, SPEAKER)
AROUND_MS = 1_000
"""Words whose middle is so near to the moment may be what was written for it."""
SILENT_MS = 700
"""Without a word so near nothing is written there."""


def losses(audio: Path, outcome: Outcome, lead_s: float) -> Counter[str]:
    """Return how many words of the truth beside `audio` are not shown, by cause."""
    truth = moments(audio, lead_s) or []
    pairs = _matched(truth, outcome.counted)
    labels = _labels(truth, outcome.counted, pairs)
    found = Counter[str]()
    for index, moment in enumerate(truth):
        if index not in pairs:
            cause = _cause_without_count(moment, outcome.words)
            found[cause] += 1
            continue
        counted = outcome.counted[pairs[index]]
        if counted.maybe:
            found[MAYBE] += 1
        elif counted.speaker != labels.get(moment.speaker):
            found[SPEAKER] += 1
    return found


def _matched(truth: Sequence[Moment], counted: Sequence[Counted]) -> dict[int, int]:
    """The count of each moment that has one: index in `truth` -> index in `counted`."""
    said = [(moment.word, moment.at_ms) for moment in truth]
    found = [(count.word, count.start_ms) for count in counted]
    return nearest_pairs(said, found, NEAR_MS)


def _labels(
    truth: Sequence[Moment], counted: Sequence[Counted], pairs: dict[int, int]
) -> dict[str, str]:
    """The label under which most counts of each true speaker are."""
    together = Counter[tuple[str, str]]()
    for index, number in pairs.items():
        together[truth[index].speaker, counted[number].speaker] += 1
    labels: dict[str, str] = {}
    for (speaker, label), _ in together.most_common():
        labels.setdefault(speaker, label)  # the most common one comes first, and stays
    return labels


def _cause_without_count(moment: Moment, words: Sequence[AttributedWord]) -> str:
    """The cause for a word without a count."""
    near = [word for word in words if _away_ms(word, moment) <= AROUND_MS]
    spellings = _spellings(moment.word)
    if _is_written(near, spellings):
        return SENSE
    if _is_candidate(near, spellings):
        return REFUSED
    nearest_ms = min((_away_ms(word, moment) for word in near), default=AROUND_MS)
    return OTHER if nearest_ms <= SILENT_MS else NOTHING


def _is_candidate(words: Sequence[AttributedWord], spellings: set[str]) -> bool:
    """Whether a spelling was a candidate for one of the words."""
    candidates: list[str] = []
    for word in words:
        candidates += [candidate.spelling for candidate in word.candidates]
    return not spellings.isdisjoint(candidates)


def _is_written(words: Sequence[AttributedWord], spellings: set[str]) -> bool:
    """Whether a spelling, which may be of several words, is among the words."""
    texts = " ".join(bare(word.text) for word in words)
    with_edges = f" {texts} "
    return any(f" {spelling} " in with_edges for spelling in spellings)


def _away_ms(word: AttributedWord, moment: Moment) -> int:
    return abs((word.start_ms + word.end_ms) // 2 - moment.at_ms)


@cache
def _spellings(word: str) -> set[str]:
    entry = next(entry for entry in shipped_lexicon().words if entry.word == word)
    return set(entry.spellings)
