"""Answers say how new they are, from a real warehouse."""

import httpx

from deploy.devstack.running_stack import RunningStack
from deploy.waiting import until


def test_the_api_is_ready_when_it_knows_how_new_its_answers_are(stack: RunningStack) -> None:
    """A moment without a time zone made every answer of its probe an error."""
    url = f"{stack.settings.url('api')}/v1/nowhere"
    until(lambda: httpx.get(url).headers.get("Lah-As-Of"), bool)
    until(lambda: stack.answers("api"), bool)
