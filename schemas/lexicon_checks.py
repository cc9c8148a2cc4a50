"""Checks of a lexicon file, with line numbers, and the differences of two lexicons."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

import msgspec

from schemas.lexicon import Entry, Lexicon, Sense

SPELLING = re.compile(r"[a-z0-9']+( [a-z0-9']+)*")
VERSION = re.compile(r"[\w.+-]{1,64}", re.ASCII)
_ENTRY = re.compile(r'^\s*\{?\s*"word"\s*:')
_NO_SENSE = re.compile(r"Invalid enum value ('.*?') ")
"""The sense is the one field with a list of values."""
_PATH = re.compile(r"\$\.words\[(\d+)\]")
_RULE = "spellings are lower-case letters, single spaces between words"


@dataclass(frozen=True)
class Problem:
    """One mistake to correct. `line` counts from 1."""

    line: int
    text: str


def parse(body: bytes) -> Lexicon:
    """Return the lexicon in `body`. Raises ValueError that names every problem with its line."""
    lines = [f"line {problem.line}: {problem.text}" for problem in problems(body)]
    if lines:
        raise ValueError("; ".join(lines))
    return msgspec.json.decode(body, type=Lexicon)


def problems(body: bytes) -> list[Problem]:
    """Return every mistake, in order of the lines. Empty: the file can be used."""
    lines = _lines_of_entries(body.decode(errors="replace"))
    try:
        json.loads(body.decode())
        lexicon = msgspec.json.decode(body, type=Lexicon)
    except json.JSONDecodeError as error:
        return [Problem(error.lineno, f"not JSON: {error.msg}")]
    except UnicodeDecodeError as error:
        line = 1 + body.count(b"\n", 0, error.start)
        return [Problem(line, "not UTF-8: save the file in this encoding")]
    except msgspec.ValidationError as error:
        return [_misshapen(str(error), lines)]
    except (ValueError, RecursionError, msgspec.DecodeError) as error:
        return [Problem(1, f"not JSON: {error}")]
    found = [*_in_version(lexicon), *_in_words(lexicon, lines), *_in_hotwords(lexicon)]
    return sorted(found, key=attrgetter("line"))


def _lines_of_entries(text: str) -> list[int]:
    numbered = enumerate(text.splitlines(), 1)
    return [number for number, line in numbered if _ENTRY.match(line)]


def _line(lines: list[int], entry: int) -> int:
    """Return the line of an entry, or 1 when the file does not have one line an entry."""
    return lines[entry] if entry < len(lines) else 1


def _misshapen(message: str, lines: list[int]) -> Problem:
    entry = _PATH.search(message)
    line = _line(lines, int(entry[1])) if entry else 1
    value = _NO_SENSE.match(message)
    if value is None:
        return Problem(line, message)
    return Problem(line, f"{value[1]} is no sense. The senses are {', '.join(Sense)}")


def _in_version(lexicon: Lexicon) -> Iterator[Problem]:
    """An object is named by it."""
    if not VERSION.fullmatch(lexicon.version):
        yield Problem(1, f"{lexicon.version!r}: a version is letters, digits and the signs . _ + -")


def _in_words(lexicon: Lexicon, lines: list[int]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for number, entry in enumerate(lexicon.words):
        line = _line(lines, number)
        for spelling in entry.spellings:
            if not SPELLING.fullmatch(spelling):
                yield Problem(line, f"{spelling!r}: {_RULE}")
            if spelling in owners:
                owner = owners[spelling]
                yield Problem(line, f"{spelling!r} is there already, under {owner!r}")
            owners.setdefault(spelling, entry.word)
        if not entry.category:
            yield Problem(line, f"{entry.word!r} has no category")


def _in_hotwords(lexicon: Lexicon) -> Iterator[Problem]:
    spellings: set[str] = set()
    for entry in lexicon.words:
        spellings.update(entry.spellings)
    for word in lexicon.hotwords:
        if word not in spellings:
            yield Problem(1, f"{word!r} is told to the recogniser but counted under no word")


def differences(old: Lexicon, new: Lexicon) -> list[str]:
    """Return one sentence for each word that was added, removed or changed."""
    before = {entry.word: entry for entry in old.words}
    after = {entry.word: entry for entry in new.words}
    sentences = [f"- {word}" for word in before if word not in after]
    sentences += [f"+ {word}" for word in after if word not in before]
    for word, entry in before.items():
        if word in after:
            sentences += _changes(entry, after[word])
    return sentences


def _changes(old: Entry, new: Entry) -> Iterator[str]:
    was = set(old.variants)
    now = set(new.variants)
    for spelling in sorted(was - now):
        yield f"~ {old.word}: no longer written {spelling!r}"
    for spelling in sorted(now - was):
        yield f"~ {old.word}: also written {spelling!r}"
    for name in ("sense", "category", "emoji"):
        before = getattr(old, name)
        after = getattr(new, name)
        if before != after:
            yield f"~ {old.word}: {name} {before} -> {after}"
