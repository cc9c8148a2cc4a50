"""The gain and the price of each rule of counting: counted again with one rule taken away."""

import itertools
from collections.abc import Callable

from msgspec.structs import replace

from adapters.objects.lexicons import shipped_lexicon
from deploy.benchmark.in_process import Windows, counted
from schemas.lexicon import Lexicon, Sense
from schemas.objects import AttributedWord, Candidate
from streams.tally.counter import Counted, Counter

Words = tuple[AttributedWord, ...]


def _bare(lexicon: Lexicon) -> Lexicon:
    return replace(
        lexicon,
        words=tuple(replace(entry, variants=()) for entry in lexicon.words),
    )


def _senseless(lexicon: Lexicon) -> Lexicon:
    return replace(
        lexicon,
        words=tuple(replace(entry, sense=Sense.ANY) for entry in lexicon.words),
    )


def _lacking(unwanted: Callable[[Candidate], bool]) -> Callable[[Words], Words]:
    def without_them(words: Words) -> Words:
        found: list[AttributedWord] = []
        for word in words:
            wanted = tuple(itertools.filterfalse(unwanted, word.candidates))
            found.append(replace(word, candidates=wanted))
        return tuple(found)

    return without_them


LEXICONS = {"other spellings (`variants`)": _bare, "senses of homographs": _senseless}
EVIDENCE = {
    "mis-heard: written as several words": _lacking(lambda c: c.words > 1),
    "mis-heard: spelled by ear": _lacking(lambda c: c.words == 1 and not c.common),
    "mis-heard: an everyday word was written": _lacking(lambda c: c.words == 1 and c.common),
}


def without(said: Windows) -> dict[str, list[Counted]]:
    """By rule: what is counted when that one rule is not there."""
    lexicon = shipped_lexicon()
    counter = Counter(lexicon)
    found = {name: counted(Counter(change(lexicon)), said) for name, change in LEXICONS.items()}
    for name, change in EVIDENCE.items():
        found[name] = counted(counter, tuple(map(change, said)))
    return found
