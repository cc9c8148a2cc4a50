"""Reasons for which a stack would not come up here, found before anything of it is started.

Each is one line that says what to do.
"""

import os
import socket
import stat
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from operator import not_
from pathlib import Path

from deploy.devstack import disk_space
from deploy.devstack.front import TOOLS
from deploy.devstack.install import tools
from deploy.devstack.toolchains import JAVA
from deploy.waiting import until

LEAST_FREE_MB = disk_space.STACK_MB
SOCKET_BYTES = 99
"""The longest name of a Unix socket in Linux has 107. supervisord adds its pid for a moment."""
SOCKET = Path("supervisor") / "supervisor.sock"
UNUSABLE = set(",;#\"'\\{}$%?&\n")
"""Kafka, nginx, supervisord or ClickHouse take them for something else in the name of a folder."""
Address = tuple[str, int]


class StackError(Exception):
    """A stack does not come up, and its text says why."""


def refuse_machine(data_dir: Path) -> None:
    """Raise StackError when something is not installed, or the folder cannot hold a stack."""
    _refuse([*_not_installed(), *_of_folder(data_dir.resolve())])


def refuse_taken(listens: Iterable[Address]) -> None:
    """Raise StackError when somebody else listens where our processes would. Blocks for a moment.

    Their answers would be taken for those of our own processes.
    """
    _refuse(list(_taken(listens)))


def await_free(listens: Collection[Address], timeout_s: float) -> None:
    """Block until nobody listens there any more, for so long at most."""
    with suppress(TimeoutError):
        until(lambda: list(_taken(listens)), not_, timeout_s)


def _refuse(lines: list[str]) -> None:
    if lines:
        raise StackError("\n".join(lines))


def _not_installed() -> Iterator[str]:
    if complaint := JAVA.complaint():
        yield f"{JAVA} is needed: {complaint}"
    present = {
        "Kafka": tools.kafka_installed(TOOLS),
        "the S3 gateway": tools.s3_installed(TOOLS),
        "nginx": tools.nginx_installed(TOOLS),
    }
    for name, is_there in present.items():
        if not is_there:
            yield f"{name} is not in {TOOLS.resolve()}: run `make install`, and this, in the clone"


def _of_folder(folder: Path) -> Iterator[str]:
    other = "LAHSTATS_DATA_DIR names another folder"
    if wrong := UNUSABLE.intersection(str(folder)):
        yield f"{folder}: servers do not take {' '.join(sorted(wrong))} in its name; {other}"
    if len(bytes(folder / SOCKET)) > SOCKET_BYTES:
        yield f"{folder}: its name is too long for a socket in it; {other}"
    place = disk_space.existing(folder)
    if not place.is_dir():
        yield f"{place}: Not a directory; {other}"
    elif not os.access(place, os.W_OK | os.X_OK):
        yield f"{place}: it cannot be written here; {other}"
    elif place == folder and _is_of_others(folder):
        yield f"{folder}: it is not this user's alone, and people's voices would be in it; {other}"
    free_mb = disk_space.free_mb_of(place)
    if free_mb < LEAST_FREE_MB:
        yield f"{folder}: {free_mb} MB of its disk are free, and not {LEAST_FREE_MB}; {other}"


def _is_of_others(folder: Path) -> bool:
    """Whether it belongs to somebody else, or is one for everybody, as `/tmp` is."""
    found = folder.stat()
    return bool(found.st_mode & stat.S_ISVTX) or os.geteuid() not in (0, found.st_uid)


def _taken(listens: Iterable[Address]) -> Iterator[str]:
    taken: defaultdict[str, list[str]] = defaultdict(list)
    for host, port in listens:
        if why := _complaint((host, port)):
            taken[why].append(f"{host}:{port}")
    for why, names in taken.items():
        yield f"{', '.join(names)} cannot be used ({why}): LAHSTATS_PORT_BASE names other ports"


def _complaint(address: Address) -> str:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do
        try:
            probe.bind(address)
        except OSError as error:
            return str(error.strerror)
    return ""
