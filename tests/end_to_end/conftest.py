"""The stack of this suite has an identity provider, as one in production has."""

from collections.abc import Iterator

import pytest

from adapters.ports import HOST, PORTS
from deploy.devstack.free_ports import free_port_base
from tests.identity_provider import CLIENT, identity_provider


@pytest.fixture(scope="session")
def stack_settings() -> Iterator[dict[str, str]]:
    """Where people sign in, and come back to."""
    base = free_port_base()
    with identity_provider(f"http://{HOST}:{base + PORTS['front']}") as issuer:
        yield {"PORT_BASE": str(base), "OIDC_ISSUER": issuer, "OIDC_CLIENT_ID": CLIENT}
