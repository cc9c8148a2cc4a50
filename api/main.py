"""`python -m api.main`: composes the read side and serves it."""

import sys
from collections.abc import Callable
from datetime import date

from adapters.http import server
from adapters.http.tokens import UserTokens
from adapters.objects.s3 import S3BlobStore
from adapters.process import health, lifecycle
from adapters.process.clock import unix_ms
from adapters.process.retry import retry_transient
from adapters.settings import Settings
from adapters.warehouse import Queries, Warehouse
from api.app import build
from api.dependencies import Services, provide
from api.groups.service import Groups
from api.sessions.service import Sessions
from api.sessions.texts import Objects
from api.shared_query_cache import SharedQueryCache
from api.shares.service import Shares
from api.users.service import Users
from api.wrapped.cache import WrappedCache
from api.wrapped.service import SHARED, WrappedStories
from schemas import stages
from schemas.days import day_of

QUERY_THREADS = 1
"""Threads of the server for one query: queries of the read side are small, and many at a time."""


def services(
    warehouse: Queries, objects: Objects, tokens: UserTokens, today: Callable[[], date]
) -> Services:
    """Everything that the routes use. Not blocking."""
    sessions = Sessions(warehouse, objects)
    stories = WrappedStories(SharedQueryCache(warehouse, SHARED))
    return Services(
        sessions=sessions,
        users=Users(warehouse, sessions),
        groups=Groups(warehouse),
        wrapped=WrappedCache(warehouse, stories),
        shares=Shares(warehouse, stories),
        tokens=tokens,
        today=today,
    )


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    process = lifecycle.begin(settings, stages.API)
    process.waits_for("ClickHouse")
    warehouse = retry_transient(lambda: Warehouse(settings, QUERY_THREADS))
    blobs = S3BlobStore(settings)

    def today() -> date:
        return date.fromisoformat(day_of(unix_ms(), settings.time_zone))

    app = build(settings.gateway_url, settings.store_url)
    provide(app, services(warehouse, blobs, UserTokens(settings), today))
    servers = health.BackgroundCheck(lambda: warehouse.ready() and blobs.ready()).start()
    process.ready_when(servers.ready, "ClickHouse and the object store")
    server.run(app, settings.host, settings.port("api"))
    warehouse.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
