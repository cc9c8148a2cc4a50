"""The stack of this suite has an identity provider, as one in production has.

One recording is played before anything disturbs the stack: tests compare others with it.
"""

from collections.abc import Iterator

import pytest

from adapters.ports import HOST, PORTS
from deploy.demo.playback import Played
from deploy.devstack.free_ports import free_port_base
from deploy.devstack.running_stack import RunningStack
from tests.identity_provider import CLIENT, identity_provider

WHOLE = "kopitiam_2spk"
"""The recording of `undisturbed`: six windows."""


@pytest.fixture(scope="session")
def stack_settings() -> Iterator[dict[str, str]]:
    """Where people sign in, and come back to."""
    base = free_port_base()
    with identity_provider(f"http://{HOST}:{base + PORTS['front']}") as issuer:
        yield {"PORT_BASE": str(base), "OIDC_ISSUER": issuer, "OIDC_CLIENT_ID": CLIENT}


@pytest.fixture(scope="session")
def undisturbed(stack: RunningStack) -> Played:
    """A recording that nothing disturbs, counted and claimed."""
    return stack.play(WHOLE)
