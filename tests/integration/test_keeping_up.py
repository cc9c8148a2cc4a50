"""The watchdog's question to Kafka, whether the stages keep up, on the real stack."""

from functools import partial

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
