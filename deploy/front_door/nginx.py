"""Pure: nginx's configuration. It streams uploads and events, and refuses what is over a limit.

The limits are those of `schemas.limits`; both sides check them once more.
"""

import json
from dataclasses import dataclass, field

from adapters.http.clients import V6_PREFIX
from adapters.http.head_requests import METHODS
from adapters.http.private_answers import UNSTORED
from deploy.front_door.refusals import REFUSALS, STRICT, away_page, page_headers
from deploy.front_door.templates import HTTP, SERVER
from schemas.limits import (
    BODY_S,
    CHUNK_BYTES,
    CONNECTIONS,
    CONNECTIONS_OF_CLIENT,
    HEAD_BYTES,
    HEAD_S,
    JSON_BYTES,
    REQUESTS_OF_ADDRESS,
)

ALIVE = "/front-door"
"""Answers 200 while nginx does, whatever is behind it."""
EVENTS_S = 75
"""Without a byte from a side. Event streams have a heartbeat more often."""
CONNECT_S = 3
IDLE_S = 60
"""Browsers keep a connection between two taps. One of HTTP/1.1 costs some kilobytes here."""
LATER_S = 5
"""A side refuses a slow body in words. nginx, which only hangs up, waits longer."""
HEAD_BUFFERS = 4
HEAD_BUFFER = 16 << 10
"""For the head of an answer: one that signs in has a provider's token. By itself nginx takes 4 KB,
and answers as if the side were away."""
V6_BITS = 128
FAILURE = {
    "event": "front_door_failed",
    "process": "front",
    "level": "warning",
    "timestamp": "$time_iso8601",
    "request_id": "$request_id",
    "method": "$request_method",
    "status": "$status",
    "upstream": "$upstream_addr",
    "upstream_status": "$upstream_status",
    "seconds": "$request_time",
}
"""A line of the log, as those of our processes: no address that was asked for, and no client's."""
GZIP = (
    "text/css text/javascript application/json application/problem+json "
    "application/manifest+json image/svg+xml font/ttf"
)
"""nginx adds text/html by itself. Audio is compressed already, and events must not wait."""


@dataclass(frozen=True)
class Listen:
    """An address with its port; `certificate` and `key` are files, and mean TLS and HTTP/2."""

    address: str
    certificate: str = ""
    key: str = ""


@dataclass(frozen=True)
class Door:
    """One front door.

    `api`, `gateway` and `store` are hosts with ports. `store_host` is the name that the store's
    addresses were signed for. `resolver` looks up names again while nginx runs: containers move.
    `bind` is the source address of its own connections. `trusted` are networks of proxies before
    it, which end TLS. `globals_` are directives of nginx's main context.
    """

    listens: tuple[Listen, ...]
    api: str
    gateway: str
    store: str
    store_host: str
    bucket: str
    folder: str
    store_scheme: str = "http"
    resolver: str = ""
    bind: str = ""
    trusted: tuple[str, ...] = ()
    globals_: tuple[str, ...] = field(default=())


def configuration(door: Door) -> str:
    """The whole file."""
    servers = "\n".join(_server(door, listen) for listen in door.listens)
    given = {
        "globals": "\n".join(door.globals_),
        "folder": door.folder,
        "head_s": HEAD_S.most,
        "body_s": BODY_S.most + LATER_S,
        "head_buffer": HEAD_BUFFER,
        "idle_s": IDLE_S,
        "buffers": HEAD_BUFFERS,
        "buffer": HEAD_BYTES.most // HEAD_BUFFERS,
        "json_bytes": JSON_BYTES.most,
        "connections": CONNECTIONS.most,
        "gzip": GZIP,
        "methods": ", ".join(("HEAD", *METHODS)),
        "failure": json.dumps(FAILURE),
        "v6_prefix": V6_PREFIX,
        "v6_bytes": V6_PREFIX // 8,
        "v6_rest": (V6_BITS - V6_PREFIX) // 8,
        "a_minute": REQUESTS_OF_ADDRESS.a_minute,
        "upstreams": _upstreams(door),
        "api": _side(door, "api"),
        "gateway": _side(door, "gateway"),
        "trusted": _trusted(door),
        "servers": servers,
    }
    lines = HTTP.substitute(given).splitlines(keepends=True)
    return "".join(line for line in lines if line.strip())


def _side(door: Door, name: str) -> str:
    """By the resolver at each request, or by a group, whose name is looked up once."""
    return str(getattr(door, name)) if door.resolver else name


def _upstreams(door: Door) -> str:
    if door.resolver:
        return f"resolver {door.resolver} valid=5s;"
    sides = {"api": door.api, "gateway": door.gateway, "store": door.store}
    return "\n  ".join(
        f"upstream {name} {{ server {where} max_fails=0; }}" for name, where in sides.items()
    )


def _trusted(door: Door) -> str:
    if not door.trusted:
        return ""
    networks = [f"set_real_ip_from {network};" for network in door.trusted]
    return "\n  ".join([*networks, "real_ip_header X-Forwarded-For;", "real_ip_recursive on;"])


def _server(door: Door, listen: Listen) -> str:
    given = {
        "listen": _listen(listen),
        "strict": STRICT,
        "unstored": UNSTORED,
        "scheme": "https" if listen.key or door.trusted else "$scheme",
        "bind": f"proxy_bind {door.bind};" if door.bind else "",
        "connections_of_client": CONNECTIONS_OF_CLIENT.most,
        "burst": REQUESTS_OF_ADDRESS.burst,
        "chunk_bytes": CHUNK_BYTES.most,
        "connect_s": CONNECT_S,
        "events_s": EVENTS_S,
        "alive": ALIVE,
        "store": _side(door, "store"),
        "store_host": door.store_host,
        "bucket": door.bucket,
        "store_scheme": door.store_scheme,
        "refusals": "\n    ".join(map(str, REFUSALS)),
        "away_page": away_page(),
        "page_headers": page_headers(),
    }
    return SERVER.substitute(given)


def _listen(listen: Listen) -> str:
    if not listen.key:
        return f"listen {listen.address};"
    return "\n    ".join(
        (
            f"listen {listen.address} ssl http2;",
            f'ssl_certificate "{listen.certificate}";',
            f'ssl_certificate_key "{listen.key}";',
            "ssl_protocols TLSv1.2 TLSv1.3;",
            "ssl_session_cache shared:tls:2m;",
            # Browsers take an address with a port that somebody types for one without TLS.
            "error_page 497 =308 https://$http_host$request_uri;",
        )
    )
