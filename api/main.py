"""`python -m api.main`: composes the read side and serves it."""

import sys
from collections.abc import Callable
from datetime import date

from adapters.http.server import Server
from adapters.http.tokens import UserTokens
from adapters.http.turns import Turns
from adapters.objects.s3 import S3BlobStore
from adapters.process import health, lifecycle
from adapters.process.clock import unix_ms
from adapters.process.lifecycle import Lifecycle
from adapters.process.retry import retry_transient
from adapters.settings import Settings
from adapters.warehouse import Queries, Warehouse
from api.app import build
from api.dependencies import Services, provide
from api.freshness import Freshness
from api.groups.service import Groups
from api.health.service import Operating
from api.my_data.service import MyData
from api.read_slots import ReadSlots
from api.sessions.bounded_objects import BoundedObjects
from api.sessions.service import Sessions
from api.sessions.texts import StoredObjects
from api.sessions.watching import Watching
from api.shared_query_cache import SharedQueryCache
from api.shares.drawing import Drawer
from api.shares.service import Shares
from api.signing_in.service import MOST_SIGN_INS, MOST_SIGN_INS_OF_CLIENT, SigningIn
from api.users.service import Users
from api.wrapped.cache import WrappedCache
from api.wrapped.service import SHARED, WrappedStories
from schemas import stages
from schemas.days import day_of

QUERY_THREADS = 1
"""Threads of the server for one query: queries of the read side are small, and many at a time."""

WITHOUT_STORE = "the object store: no transcripts and no quotes"
ANSWER_S = 10
"""Queries of the read side take milliseconds: a server that is silent for so long hangs."""


def services(
    warehouse: Queries,
    objects: StoredObjects,
    tokens: UserTokens,
    signing_in: SigningIn,
    today: Callable[[], date],
    draw: Callable[[str], bytes],
    secret: str = "",
) -> Services:
    """Everything that the routes use. Not blocking.

    `draw` makes a PNG of an SVG. `secret`: of the installation.
    """
    bounded = BoundedObjects(objects)
    sessions = Sessions(warehouse, bounded)
    stories = WrappedStories(SharedQueryCache(warehouse, SHARED))
    wrapped = WrappedCache(warehouse, stories)
    freshness = Freshness(warehouse, unix_ms)
    return Services(
        sessions=sessions,
        users=Users(warehouse, sessions),
        groups=Groups(warehouse),
        wrapped=wrapped,
        shares=Shares(warehouse, stories, wrapped, draw, secret),
        watching=Watching(sessions),
        freshness=freshness,
        slots=ReadSlots(),
        tokens=tokens,
        signing_in=signing_in,
        sign_ins=Turns(MOST_SIGN_INS, MOST_SIGN_INS_OF_CLIENT),
        my_data=MyData(warehouse, bounded),
        operating=Operating(warehouse, freshness),
        today=today,
    )


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    process = lifecycle.begin(settings, stages.API)
    process.waits_for("ClickHouse")
    warehouse = retry_transient(lambda: Warehouse(settings, QUERY_THREADS, ANSWER_S))
    blobs = S3BlobStore(settings)

    def today() -> date:
        return date.fromisoformat(day_of(unix_ms(), settings.time_zone))

    app = build()
    drawer = Drawer()
    tokens = UserTokens(settings)
    signing_in = SigningIn(settings)
    secret = settings.session_secret.get_secret_value()
    provided = services(warehouse, blobs, tokens, signing_in, today, drawer.png, secret)
    provide(app, provided)
    port = settings.port("api")
    served = Server(app, settings.host, port, provided.watching.stop, settings.front_doors)
    _report_health(process, served, provided.freshness, blobs)
    served.serve_until_stopped()
    drawer.close()
    warehouse.close()
    return 0


def _report_health(
    process: Lifecycle,
    served: Server,
    freshness: Freshness,
    blobs: S3BlobStore,
) -> None:
    """Starts to look after the servers. The read side answers without the object store."""
    clickhouse = health.BackgroundCheck(freshness.look).start()
    store = health.BackgroundCheck(blobs.ready).start()
    process.ready_when(lambda: served.is_open() and clickhouse.ready(), "ClickHouse")

    def without() -> str:
        found = ("" if store.ready() else WITHOUT_STORE, freshness.complaint())
        return "; ".join(filter(None, found))

    process.degraded_while(without)


if __name__ == "__main__":
    sys.exit(main())
