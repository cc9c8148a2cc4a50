"""`lahstats benchmark evidence`: from which probability on a count is shown."""

from deploy.benchmark.evidence import Sample, calibrated
from deploy.benchmark.evidence_report import block, shown
from streams.tally.evidence import Evidence

MINUTE_S = 60.0
HOUR_S = 3600.0


def sample(recording: str, written: float, *, right: bool, plain: bool = False) -> Sample:
    evidence = Evidence(written, around=0.8, english=0.95, is_brief=False, company=1.0)
    return Sample(recording, "lah", evidence, right, plain)


RIGHT = [sample(f"talk {n % 4}", 0.3 + n / 100, right=True) for n in range(60)]
WRONG = [sample(f"talk {n % 4}", 0.002, right=False) for n in range(20)]
HEARD_WRONG = [sample("meeting", 0.1, right=False, plain=True)]


def test_a_count_that_nobody_said_may_be_shown_once_an_hour_and_no_oftener() -> None:
    every = [*RIGHT, *WRONG, *HEARD_WRONG]
    calibration, kept = calibrated(every, 2 * HOUR_S)
    assert shown(calibration, kept).plain_false == 1
    stricter, kept = calibrated(every, 20 * MINUTE_S)
    assert shown(stricter, kept).plain_false == 0
    assert stricter.shown_from > calibration.shown_from
    assert shown(stricter, kept).right > 0


def test_nothing_is_shown_below_even_odds_however_few_are_wrong() -> None:
    calibration, _ = calibrated([*RIGHT, *WRONG], HOUR_S)
    assert calibration.shown_from == 0.6


def test_the_page_says_how_long_nobody_talked_singlish() -> None:
    every = [*RIGHT, *WRONG, *HEARD_WRONG]
    text = block(*calibrated(every, 20 * MINUTE_S), 20 * MINUTE_S)
    assert "In 20 minutes without Singlish 0 of 1 were shown." in text
