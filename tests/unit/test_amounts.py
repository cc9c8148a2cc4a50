"""Numbers of things in the sentences of commands: one is not told as many."""

import re
from collections import Counter
from pathlib import Path

import pytest

from deploy.audit.report import Fate, Report
from deploy.cli.recounting import Recounted
from deploy.demo.api_answers import Totals
from deploy.demo.printout import claimed

PRINTING = ("audit", "backup", "cli", "demo", "prepare")
"""Rooms of `deploy` whose sentences people read."""
MANY = re.compile(
    r"\{[^{}A-Z]+\} (\w+ )?"
    r"(chunks|days|differences|letters|objects|partitions|records|rows|runs|sessions|words)\b"
)
"""A constant, in capitals, is no number that may be one."""


@pytest.mark.parametrize("room", PRINTING)
def test_no_sentence_has_a_number_before_many_things(room: str) -> None:
    """Before, a restore refused a warehouse that had 1 sessions."""
    for module in Path("deploy", room).rglob("*.py"):
        assert MANY.findall(module.read_text()) == [], module


def test_one_is_not_told_as_many() -> None:
    """Before, a command spoke of 1 sessions and 1 words."""
    report = Report(fates=Counter([Fate.COUNTED]), words=1, moving=1)
    assert report.sentence() == "audit: 0 differences in 1 chunk, 1 word; 1 session still moves"
    assert Recounted("2", 1, {}).sentence() == "1 session counted again by 2"
    assert Recounted("2", 2, {}).sentence() == "2 sessions counted again by 2"
    one = claimed("S1", Totals(counts=1, words_spoken=1, talk_s=1.0))
    assert one == "claimed S1: 1 Singlish word in 1 word, 1 s of talk"
