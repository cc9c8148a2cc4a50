"""The address for phones of the local network: how it is found, and how it is shown."""

import io
import os
import re
import socket

from adapters.settings import Settings
from deploy.cli.options import refused

SETTING = "LAHSTATS_PHONE_ADDRESS"
ADDRESS = re.compile("[A-Za-z0-9.-]{1,253}")
ELSEWHERE = ("192.0.2.1", 9)
"""An address for documents (RFC 5737): nothing is sent there, the kernel only names a way."""


def choose() -> None:
    """Let this process and all that it starts serve phones at this machine's address.

    `LAHSTATS_PHONE_ADDRESS` says it, or else the network that leads out. Ends the command with one
    red line when it says what no certificate and no port of ours may have.
    """
    address = os.environ.get(SETTING) or own_address()
    if not ADDRESS.fullmatch(address):
        allowed = "It should be an IPv4 address, or a name of letters, digits, dots and dashes"
        raise refused(f"{SETTING} is {address!r}. {allowed}")
    os.environ[SETTING] = address
    os.environ.setdefault("LAHSTATS_PAGE_ORIGIN", Settings(phone_address=address).phone_url)


def own_address() -> str:
    """Return this machine's address in its network; that of loopback when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def for_people(settings: Settings) -> list[str]:
    """Return the lines: a QR code, and what the phone will ask."""
    import segno

    from deploy.devstack import front
    from deploy.prepare import certificates

    drawn = io.StringIO()
    segno.make(settings.phone_url, micro=False).terminal(drawn, compact=True)
    fingerprint = certificates.fingerprint(front.tls(settings))
    return [
        drawn.getvalue(),
        "The phone has to be in the same network. It warns once, because this machine signed the",
        f"certificate itself; its SHA-256 fingerprint begins with {fingerprint[:23]}.",
    ]
