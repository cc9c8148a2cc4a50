"""`until`: asked once at least, once after the deadline, and loud when it was in vain."""

from itertools import count

import pytest

from deploy.waiting import until


def test_the_good_answer_comes_back() -> None:
    numbers = count()
    assert until(lambda: next(numbers), lambda n: n == 3, every_s=0) == 3


def test_it_is_asked_once_even_without_time() -> None:
    assert until(lambda: 1, bool, timeout_s=0) == 1


def test_a_wait_in_vain_says_what_was_answered_or_what_to_do() -> None:
    with pytest.raises(TimeoutError, match="'no'"):
        until(lambda: "no", lambda answer: answer == "yes", timeout_s=0)
    with pytest.raises(TimeoutError, match="try again"):
        until(lambda: 0, bool, timeout_s=0, complaint="try again")
