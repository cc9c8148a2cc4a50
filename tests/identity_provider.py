"""A real OpenID provider on loopback, for tests: npm's oidc-provider with its own login pages."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from deploy.devstack.free_ports import free_port_base
from deploy.waiting import until

PROGRAM = Path(__file__).parent / "integration" / "provider" / "provider.mjs"
TOOLS = Path(".local/provider")
CLIENT = "lahstats"
"""As the provider knows the product."""


@contextmanager
def identity_provider(home: str) -> Iterator[str]:
    """Yield the issuer of a provider that leads people back to `home`. Blocks until it answers.

    Its host is `localhost`, which for a browser is another site than the pages at 127.0.0.1.
    """
    node = shutil.which("node")
    assert node, "this test runs a real identity provider: install Node 20 or newer"
    assert (TOOLS / "node_modules").is_dir(), "`make .local/provider` installs the provider"
    port = free_port_base()
    _put_beside_its_modules(PROGRAM)
    command = [node, PROGRAM.name, str(port), home]
    with subprocess.Popen(command, cwd=TOOLS, stdout=subprocess.DEVNULL) as process:
        issuer = f"http://localhost:{port}"
        try:
            until(lambda: _answers(issuer), bool)
            yield issuer
        finally:
            process.terminate()


def _put_beside_its_modules(program: Path) -> None:
    """Another suite may be starting the same file just now: it finds the whole of it."""
    with tempfile.NamedTemporaryFile(dir=TOOLS, delete=False) as copy:
        copy.write(program.read_bytes())
    Path(copy.name).replace(TOOLS / program.name)


def _answers(issuer: str) -> bool:
    try:
        return httpx.get(f"{issuer}/.well-known/openid-configuration").is_success
    except httpx.HTTPError:
        return False
