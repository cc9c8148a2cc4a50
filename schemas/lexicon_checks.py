"""What is wrong with a lexicon file, line by line, and what differs between two. Pure."""

import json
import re
from dataclasses import dataclass

import msgspec

from schemas.lexicon import Entry, Lexicon

SPELLING = re.compile(r"[a-z0-9']+( [a-z0-9']+)*")
_ENTRY = re.compile(r'^\s*\{?\s*"word"\s*:')
_PATH = re.compile(r"\$\.words\[(\d+)\]")


@dataclass(frozen=True)
class Problem:
    """One thing to mend; `line` counts from 1."""

    line: int
    text: str


def parse(body: bytes) -> Lexicon:
    """The lexicon in `body`. Raises ValueError that names every problem with its line."""
    found = problems(body)
    if found:
        raise ValueError("; ".join(f"line {problem.line}: {problem.text}" for problem in found))
    return msgspec.json.decode(body, type=Lexicon)


def problems(body: bytes) -> list[Problem]:
    """Everything that is wrong, in order of the lines; empty means that the file can be used."""
    text = body.decode(errors="replace")
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return [Problem(error.lineno, f"not JSON: {error.msg}")]
    lines = [n for n, line in enumerate(text.splitlines(), 1) if _ENTRY.match(line)]
    try:
        lexicon = msgspec.json.decode(body, type=Lexicon)
    except msgspec.ValidationError as error:
        at = _PATH.search(str(error))
        return [Problem(_line(lines, int(at[1]) if at else -1), str(error))]
    return sorted(_in_words(lexicon, lines), key=lambda problem: problem.line)


def _line(lines: list[int], entry: int) -> int:
    return lines[entry] if 0 <= entry < len(lines) else 1


def _in_words(lexicon: Lexicon, lines: list[int]) -> list[Problem]:
    found: list[Problem] = []
    owners: dict[str, str] = {}
    for n, entry in enumerate(lexicon.words):
        for spelling in (entry.word, *entry.variants):
            if not SPELLING.fullmatch(spelling):
                found.append(
                    Problem(
                        _line(lines, n),
                        f"{spelling!r}: spellings are lower-case letters, single spaces between words",
                    )
                )
            if spelling in owners:
                found.append(
                    Problem(
                        _line(lines, n),
                        f"{spelling!r} is there already, under {owners[spelling]!r}",
                    )
                )
            owners.setdefault(spelling, entry.word)
        if not entry.category:
            found.append(Problem(_line(lines, n), f"{entry.word!r} has no category"))
    strange = [word for word in lexicon.hotwords if word not in owners]
    return found + [
        Problem(1, f"{word!r} is told to the recogniser but counted under no word")
        for word in strange
    ]


def differences(old: Lexicon, new: Lexicon) -> list[str]:
    """One sentence for each word that came, went or changed."""
    before, after = ({entry.word: entry for entry in lexicon.words} for lexicon in (old, new))
    found = [f"- {word}" for word in before if word not in after]
    found += [f"+ {word}" for word in after if word not in before]
    return found + [
        line for word in before if word in after for line in _changes(before[word], after[word])
    ]


def _changes(old: Entry, new: Entry) -> list[str]:
    gone, come = set(old.variants) - set(new.variants), set(new.variants) - set(old.variants)
    found = [f"~ {old.word}: no longer written {spelling!r}" for spelling in sorted(gone)]
    found += [f"~ {old.word}: also written {spelling!r}" for spelling in sorted(come)]
    for name in ("sense", "category", "emoji"):
        was, now = str(getattr(old, name)), str(getattr(new, name))
        found += [f"~ {old.word}: {name} {was} -> {now}"] if was != now else []
    return found
