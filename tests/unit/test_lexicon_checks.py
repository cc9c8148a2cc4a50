"""A lexicon that cannot be used is refused with the line to mend."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from schemas.lexicon_checks import differences, parse, problems

SHIPPED = Path("schemas/lexicon.json").read_bytes()


def lexicon(**changes: Any) -> bytes:
    """Two words, one line an entry; `changes` are made to the second, which stands in line 4."""
    words = [
        {"word": "lah", "category": "particle", "emoji": "", "variants": ["la"], "sense": "any"},
        {"word": "sia", "category": "particle", "emoji": "", "variants": ["siah"], "sense": "any"}
        | changes,
    ]
    return (
        '{"version": "1", "words": [\n\n' + ",\n".join(json.dumps(word) for word in words) + "\n]}"
    ).encode()


def test_the_shipped_lexicon_has_nothing_wrong() -> None:
    assert problems(SHIPPED) == []


def test_a_category_of_the_shipped_lexicon_has_words() -> None:
    """A mistyped one would be a category of its own, and its word would miss what others get."""
    sizes = Counter(entry.category for entry in parse(SHIPPED).words)
    assert [name for name, words in sizes.items() if words < 3] == [], "mistyped?"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"variants": ["la"]}, "under 'lah'"),
        ({"variants": ["sia"]}, "under 'sia'"),
        ({"variants": ["Sia!"]}, "lower-case"),
        ({"variants": ["si  ah"]}, "lower-case"),
        ({"sense": "funny"}, "'funny' is no sense. The senses are any, answer,"),
        ({"surprise": 1}, "surprise"),
        ({"category": ""}, "no category"),
    ],
)
def test_a_mistake_is_named_with_its_line(changes: dict[str, Any], says: str) -> None:
    [problem] = problems(lexicon(**changes))
    assert problem.line == 4
    assert says in problem.text


def test_what_is_not_json_is_named_with_its_line() -> None:
    [problem] = problems(lexicon().replace(b'"sia",', b'"sia"'))
    assert (problem.line, problem.text[:8]) == (4, "not JSON")


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        (lexicon().replace(b'"sia"', b'"si\xe9"'), 4, "not UTF-8"),
        (lexicon().replace(b'"1"', b"NaN"), 1, "not JSON"),
        (lexicon().replace(b'"1"', b"1" * 5_000), 1, "not JSON"),
        (lexicon().replace(b'"1"', b'"\\ud800"'), 1, "not JSON"),
        (b"[" * 100_000, 1, "not JSON"),
        (b"", 1, "not JSON"),
        (lexicon().replace(b'"1"', b'""'), 1, "a version is"),
        (lexicon().replace(b'"1"', b'"a/../b"'), 1, "a version is"),
    ],
    ids=["Latin-1", "NaN", "digits", "half a pair", "depth", "nothing", "no version", "a path"],
)
def test_a_file_that_nobody_can_use_is_no_traceback(body: bytes, line: int, says: str) -> None:
    [problem] = problems(body)
    assert problem.line == line
    assert says in problem.text


def test_differences() -> None:
    old = parse(lexicon())
    new = parse(lexicon(variants=["siak"], sense="particle"))
    assert differences(old, old) == []
    assert differences(old, new) == [
        "~ sia: no longer written 'siah'",
        "~ sia: also written 'siak'",
        "~ sia: sense any -> particle",
    ]
    assert differences(old, parse(lexicon(word="meh", variants=[]))) == ["- sia", "+ meh"]
