"""Answers of the sides that the front door once gave as if the sides were away."""

import re

from deploy.front_door.files import IN_A_FLEET
from deploy.front_door.nginx import configuration
from schemas.limits import BODY_S
from tests.integration.front_doors import HANGS_UP, SIGNED_IN, TOKEN, Door


def test_a_side_that_hangs_up_between_two_requests_is_not_away(door: Door) -> None:
    """Before, 503: the second request went into a connection that ended just then."""
    assert [door.ask("GET", HANGS_UP)[0].status for _ in range(3)] == [200] * 3


def test_an_answer_with_a_large_cookie_is_passed_on(door: Door) -> None:
    """Before, 503: whoever signed in at a provider with long tokens never got in."""
    answer, _ = door.ask("GET", SIGNED_IN)
    assert (answer.status, answer.getheader("Set-Cookie")) == (200, f"lah-kept={TOKEN}")


def test_a_side_has_the_time_to_refuse_a_slow_body() -> None:
    """Before, both waited as long, and the door hung up without a word."""
    (waits,) = re.findall(r"client_body_timeout (\d+)s;", configuration(IN_A_FLEET))
    assert int(waits) > BODY_S.most + 1
