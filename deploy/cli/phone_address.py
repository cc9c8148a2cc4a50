"""The address for phones of the local network: how it is found, and how it is shown."""

import io
import os
import socket

from adapters.settings import Settings

ELSEWHERE = ("192.0.2.1", 9)
"""An address for documents (RFC 5737): nothing is sent there, the kernel only names a way."""


def choose() -> None:
    """Let this process and all that it starts serve phones at this machine's address.

    `LAHSTATS_PHONE_ADDRESS` says it, or else the network that leads out.
    """
    address = os.environ.setdefault("LAHSTATS_PHONE_ADDRESS", own_address())
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
