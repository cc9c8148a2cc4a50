"""Pure: names by which browsers reach this machine, and who may lead them here."""

import ipaddress
from urllib.parse import urlsplit

LOCAL = "localhost"


def is_of_others(address: str, home: str) -> bool:
    """Whether the owner of a name may have led a browser to this address (DNS rebinding).

    Any page on the web can let its own name lead here: the browser then takes its script for ours.
    Nobody leads `localhost` or an address without a name elsewhere, TLS proves a name, and that of
    `home` was set here. Both are URLs.
    """
    try:
        asked = urlsplit(address)
        name = asked.hostname or ""
        if asked.scheme == "https" or name in (LOCAL, urlsplit(home).hostname):
            return False
        ipaddress.ip_address(name)
    except ValueError:
        return True
    return False
