"""Homographs count in their Singlish sense only; plain English counts next to nothing."""

import ast
import itertools
import os
import re
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest

from adapters.objects.lexicons import shipped_lexicon
from deploy.cli.text_counts import spoken
from streams.tally.counter import Counter

COUNTER = Counter(shipped_lexicon())
SENSES = Path(__file__).parent.parent / "senses"


def f1(name: str) -> tuple[float, int, list[str]]:
    """Returns the F1 of "counts in this sentence", the number of sentences, and the wrong ones."""
    rows = [line.split("\t") for line in (SENSES / name).read_text().splitlines()]
    found = [
        any(counted.word == word for counted in COUNTER.count(spoken(text)))
        for word, _, text in rows
    ]
    right = sum(hit and sense == "1" for hit, (_, sense, _) in zip(found, rows, strict=True))
    wrong = [
        f"{word}: {text}"
        for hit, (word, sense, text) in zip(found, rows, strict=True)
        if hit != (sense == "1")
    ]
    return 2 * right / (2 * right + len(wrong)), len(rows), wrong


# `unseen.tsv` was written by somebody who had not seen the rules. No rule is ever changed for it.
# It reached 0.988 at first sight.
@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("known.tsv", 0.95),
        ("later.tsv", 0.95),
        ("held_out.tsv", 0.92),
        ("unseen.tsv", 0.95),
        ("one_within.tsv", 1.0),
    ],
)
def test_senses_of_labelled_sentences(name: str, least: float) -> None:
    reached, _, wrong = f1(name)
    assert reached >= least, wrong


def test_there_are_enough_sentences() -> None:
    sizes = {name: f1(name)[1] for name in ("known.tsv", "held_out.tsv", "unseen.tsv")}
    assert sum(sizes.values()) >= 400
    assert sizes["unseen.tsv"] * 3 >= 400


def descriptions() -> Iterator[str]:
    """Descriptions of the installed packages, without code."""
    for distribution in sorted(distributions(), key=lambda d: str(d.metadata["Name"])):
        yield re.sub(
            r"```.*?```|~~~.*?~~~",
            " ",
            str(distribution.metadata.json.get("description", "")),
            flags=re.DOTALL,
        )


def docstrings() -> Iterator[str]:
    """Docstrings of Python's own modules."""
    for path in sorted(Path(os.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                yield ast.get_docstring(node) or ""


def prose() -> Iterator[str]:
    """Paragraphs of people's plain English, without code, lists and tables."""
    for body in itertools.chain(descriptions(), docstrings()):
        for paragraph in re.split(r"\n\s*\n", body):
            text = re.sub(
                r"`[^`]*`|<[^>]*>|\[([^\]]*)\]\([^)]*\)|https?://\S+", r" \1 ", paragraph
            ).strip()
            if (
                re.match(r"[A-Z][a-z']* [a-z]", text)
                and text[-1:] in ".!?"
                and not re.search(r"[{}=|<>\\_#]|::|\$", text)
            ):
                yield " ".join(text.split())


def test_plain_english_counts_next_to_nothing() -> None:
    paragraphs = list(dict.fromkeys(prose()))
    words = sum(len(text.split()) for text in paragraphs)
    false = [(counted.word, text) for text in paragraphs for counted in COUNTER.count(spoken(text))]
    assert words > 50_000
    assert len(false) / words < 0.001, [word for word, _ in false]
