"""`python -m api.main`."""

import sys
from datetime import date

from adapters.http import server
from adapters.http.tokens import UserTokens
from adapters.objects.s3 import S3BlobStore
from adapters.process import health, logs
from adapters.process.clock import unix_ms
from adapters.process.retry import retry_transient
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from api.app import build
from api.groups.service import Groups
from api.http import Parts
from api.sessions.service import THREADS, Reader
from api.shared_query_cache import Remembering
from api.shares.service import Sharing
from api.users.service import Users
from api.wrapped.cache import Kept
from api.wrapped.queries import SHARED
from schemas.days import day_of


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    logs.configure("api")
    warehouse, blobs = retry_transient(lambda: Warehouse(settings, THREADS)), S3BlobStore(settings)
    servers = health.BackgroundCheck(lambda: warehouse.ready() and blobs.ready()).start()
    health.serve(settings.host, settings.health_port, servers.ready)
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
    server.run(app, settings.host, settings.port("api"))
    warehouse.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
