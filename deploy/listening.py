"""Whether somebody listens on a port: a server says it at once, long before its own client does."""

import socket

TIMEOUT_S = 1.0


def listens(host: str, port: int, timeout_s: float = TIMEOUT_S) -> bool:
    """Return whether somebody takes a connection there. Blocks for `timeout_s` at most.

    A yes is not enough to work with: a frozen server takes connections too.
    """
    try:
        socket.create_connection((host, port), timeout_s).close()
    except OSError:
        return False
    return True
