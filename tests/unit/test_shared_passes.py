"""A way to share passes beside the first one, as the benchmarks print it."""

from operator import eq

from deploy.benchmark.shared_passes import Compared, Run, as_many, compared, markdown

FIRST = Run(4.0, ["lah", "lor"])


def test_a_way_is_compared_with_the_first() -> None:
    faster = Run(1.0, ["lah", "lor"])
    assert compared(faster, FIRST, 20_000, eq) == Compared(
        s_a_window=1.0, times_real_time=20.0, ratio=0.25, same=True
    )


def test_one_other_result_is_not_the_same() -> None:
    assert not compared(Run(4.0, ["lah", "leh"]), FIRST, 20_000, eq).same


def test_windows_come_again_when_more_are_wanted() -> None:
    assert as_many(["a", "b"], 3) == ["a", "b", "a"]


def test_a_heading_stands_over_its_field() -> None:
    columns = {"ratio": "ratio to the first", "s_a_window": "s a window"}
    lines = markdown(columns, [compared(FIRST, FIRST, 20_000, eq)])
    assert [line.strip("| ").split(" | ") for line in lines[:3:2]] == [
        ["ratio to the first", "s a window"],
        ["1.0", "4.0"],
    ]
