"""Numbers of things in the sentences of commands: one is not told as many."""

from collections import Counter

from deploy.audit.report import Fate, Report
from deploy.cli.recounting import Recounted
from deploy.demo.api_answers import Totals
from deploy.demo.printout import claimed


def test_one_is_not_told_as_many() -> None:
    """Before, a command spoke of 1 sessions and 1 words."""
    report = Report(fates=Counter([Fate.COUNTED]), words=1, moving=1)
    assert report.sentence() == "audit: 0 differences in 1 chunk, 1 word; 1 session still moves"
    assert Recounted("2", 1, {}).sentence() == "1 session counted again by 2"
    assert Recounted("2", 2, {}).sentence() == "2 sessions counted again by 2"
    one = claimed("S1", Totals(counts=1, words_spoken=1, talk_s=1.0))
    assert one == "claimed S1: 1 Singlish word in 1 word, 1 s of talk"
