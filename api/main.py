"""`python -m api.main`."""

import sys
from datetime import date

from adapters import health, http_server, logs
from adapters.clock import unix_ms
from adapters.object_store import S3BlobStore
from adapters.retrying import patiently
from adapters.settings import Settings
from adapters.tokens import UserTokens
from adapters.warehouse import Warehouse
from api.app import build
from api.people.groups import Groups
from api.people.kept import Kept
from api.people.sharing import Sharing
from api.people.users import Users
from api.reading import THREADS, Reader
from api.remembering import Remembering
from api.routes.asking import Parts
from api.wrapped.questions import SHARED
from schemas.days import day_of


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    logs.configure("api")
    warehouse, blobs = patiently(lambda: Warehouse(settings, THREADS)), S3BlobStore(settings)
    health.serve(settings.host, settings.health_port, lambda: warehouse.ready() and blobs.ready())
    sessions = Reader(warehouse, blobs)
    people = Users(Remembering(warehouse, SHARED), sessions)
    parts = Parts(
        sessions,
        people,
        Kept(warehouse, people),
        Groups(warehouse),
        Sharing(warehouse, people),
        UserTokens(settings),
        lambda: date.fromisoformat(day_of(unix_ms(), settings.time_zone)),
    )
    app = build(parts, settings.gateway_url, settings.store_url)
    http_server.run(app, settings.host, settings.port("api"))
    warehouse.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
