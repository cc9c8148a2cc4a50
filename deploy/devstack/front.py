"""The front door of the local stack: which nginx runs, and its configuration."""

import os
import pwd
import shutil
from pathlib import Path

from adapters.settings import Settings
from deploy.front_door.nginx import Door, Listen, configuration
from deploy.prepare import certificates

TOOLS = Path(".local")
"""In the clone, which is where `lahstats` runs."""
UNPACKED = Path("nginx/usr/sbin/nginx")
SYSTEM = Path("/usr/sbin/nginx")
"""Where packages put it; not everybody's PATH leads there."""


def installed(tools: Path) -> Path | None:
    """Return the system's nginx, or the one that `make install` unpacked."""
    on_path = shutil.which("nginx")
    if on_path:
        return Path(on_path)
    places = (SYSTEM, (tools / UNPACKED).resolve())
    return next((place for place in places if place.is_file()), None)


def nginx() -> Path:
    """Return the program. Raises FileNotFoundError with advice."""
    program = installed(TOOLS)
    if program is None:
        raise FileNotFoundError("there is no nginx: `make install` fetches it")
    return program


def door(settings: Settings) -> Door:
    """Return the door on loopback, before both sides of this machine."""
    return Door(
        listens=_listens(settings),
        api=f"{settings.host}:{settings.port('api')}",
        gateway=f"{settings.host}:{settings.port('gateway')}",
        store=settings.s3_endpoint,
        store_host=settings.s3_endpoint,
        bucket=settings.s3_bucket,
        folder=str(_folder(settings)),
        bind=settings.front_doors,
        globals_=("daemon off;", "worker_processes 1;", *_user()),
    )


def file(settings: Settings) -> Path:
    """Return the file of the configuration."""
    return _folder(settings) / "nginx.conf"


def write(settings: Settings) -> bool:
    """Write the configuration and the certificate. Returns whether there was another one."""
    _folder(settings).mkdir(parents=True, exist_ok=True)
    if settings.phone_address:
        certificates.ensure(tls(settings), [settings.phone_address])
    text = configuration(door(settings))
    is_changed = not file(settings).exists() or file(settings).read_text() != text
    file(settings).write_text(text)
    return is_changed


def tls(settings: Settings) -> Path:
    """Return the folder of the certificate for phones."""
    return _folder(settings) / "tls"


def _listens(settings: Settings) -> tuple[Listen, ...]:
    here = Listen(f"{settings.host}:{settings.port('front')}")
    if not settings.phone_address:
        return (here,)
    folder = tls(settings)
    certificate = str(folder / certificates.CERTIFICATE)
    key = str(folder / certificates.KEY)
    address = f"{settings.phone_address}:{settings.port('phone')}"
    return (here, Listen(address, certificate, key))


def _folder(settings: Settings) -> Path:
    return settings.data_dir.resolve() / "front"


def _user() -> tuple[str, ...]:
    """Root's nginx would run as a user who may not read the folder of the stack."""
    if os.getuid():
        return ()
    return (f"user {pwd.getpwuid(0).pw_name};",)
