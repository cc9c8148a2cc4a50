"""Whether the stages keep up, and how new the answers of the api are, on the real stack."""

from functools import partial

import httpx

from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.offsets import GroupOffsets
from deploy.devstack.running_stack import RunningStack
from deploy.waiting import until
from streams.main import WATCHED

PATIENCE_S = 300.0
"""Other tests may have left work for the stages."""


def test_stages_that_have_nothing_to_do_keep_up(stack: RunningStack) -> None:
    """Behind the last message of a topic may be the mark of a transaction, which no stage reads."""
    offsets = AskedOffsets(stack.settings.kafka)
    groups = [GroupOffsets(offsets, one.group, one.reads) for one in WATCHED]
    for group in groups:
        ends = group.ends()
        assert ends
        until(partial(group.has_passed, ends), bool, PATIENCE_S)


def test_the_api_is_ready_when_it_knows_how_new_its_answers_are(stack: RunningStack) -> None:
    """A moment without a time zone made every answer of its probe an error."""
    url = f"{stack.settings.url('api')}/v1/nowhere"
    until(lambda: httpx.get(url).headers.get("Lah-As-Of"), bool)
    until(lambda: stack.answers("api"), bool)
