"""`python -m streams.main`: all folds in one Faust worker.

Several workers share the partitions.
"""

import sys
from typing import cast

import faust

from adapters.erasure.erasable_objects import ErasableObjects
from adapters.kafka.publisher import KafkaPublisher, StagePublisher
from adapters.objects.lexicons import Lexicons, shipped_lexicon
from adapters.objects.s3 import S3BlobStore
from adapters.objects.store import BlobStore
from adapters.process import health, logs
from adapters.process.clock import Clock, unix_ms
from adapters.settings import Settings
from schemas import stages, topics
from schemas.lexicon import Lexicon
from streams.agent import FoldAgent
from streams.attribution import effects as attribution
from streams.credits.fold import fold as credits_fold
from streams.fold import Fold
from streams.groups.fold import fold as groups_fold
from streams.guarded import guarded
from streams.readiness import Readiness, watch
from streams.sessions.due import Due
from streams.sessions.fold import fold as sessions_fold
from streams.sessions.state import Rules
from streams.tables import ConfirmedTable, LatchedTables
from streams.tally import effects as tally
from streams.timer import TICK_S, SessionTimer
from streams.transport import RewindingTransport
from streams.users.fold import fold as users_fold


def build(settings: Settings) -> faust.App:
    """Returns a Faust app that declares and creates no topic and has no leader topic.

    Topics are created by the deployment. Tables are in memory; their changelogs are their truth.
    """
    app = faust.App(
        topics.STREAMS_APP,
        broker=f"kafka://{settings.kafka}",
        store="memory://",
        datadir=str(settings.data_dir / "faust" / str(settings.worker)),
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        topic_partitions=topics.SESSION_PARTITIONS,
        table_standby_replicas=0,
        consumer_auto_offset_reset="earliest",
        broker_commit_interval=1.0,
        broker_session_timeout=10.0,
        broker_heartbeat_interval=2.0,
        broker_max_poll_records=200,
        stream_wait_empty=False,
        loghandlers=[logs.json_handler("streams")],
        Table=ConfirmedTable,
        TableManager=LatchedTables,
    )
    app.transport = RewindingTransport(app.conf.broker_consumer, app)
    return app


def rules_of(settings: Settings, lexicon: Lexicon) -> Rules:
    """Returns the settings that the sessions fold depends on."""
    return Rules(
        window_ms=settings.window_ms,
        margin_before_ms=settings.margin_before_ms,
        in_flight=settings.in_flight,
        grace_ms=settings.grace_ms,
        gap_wait_ms=settings.gap_wait_ms,
        idle_ms=settings.idle_ms,
        lexicon=lexicon.version,
    )


def folds(
    blobs: BlobStore, clock: Clock, window_ms: int, lexicon: Lexicon, rules: Rules, due: Due
) -> list[Fold]:
    """Returns the folds in the order of `stages.FOLDS`.

    All topics of a fold have the same key and the same number of partitions.
    """
    objects = ErasableObjects(blobs)
    counters = tally.Counters(Lexicons(blobs), lexicon)
    attributing = guarded(objects, attribution.runner(blobs, clock, window_ms))
    counting = guarded(objects, tally.runner(blobs, counters))
    return [
        Fold(stages.SESSIONS, lambda store, event: sessions_fold(store, event, rules), due.note),
        Fold(stages.ATTRIBUTION, attributing),
        Fold(stages.TALLY, counting),
        Fold(stages.CREDITS, credits_fold),
        Fold(stages.GROUPS, groups_fold),
        Fold(stages.USERS, users_fold),
    ]


def main() -> int:
    """Blocks until SIGTERM."""
    logs.configure("streams")
    settings = Settings()
    lexicon = shipped_lexicon()
    (settings.data_dir / "faust").mkdir(parents=True, exist_ok=True)
    app = build(settings)
    publisher = KafkaPublisher(settings.kafka)
    rules = rules_of(settings, lexicon)
    due = Due(rules)
    hosted = folds(S3BlobStore(settings), unix_ms, settings.window_ms, lexicon, rules, due)
    agents = [FoldAgent(app, publisher, fold) for fold in hosted]
    sessions = agents[0].table

    async def rebuild() -> None:
        due.rebuild(list(sessions.items()))

    sessions.on_recover(rebuild)
    timer = SessionTimer(due, StagePublisher(publisher, stages.STREAMS), unix_ms)
    app.timer(TICK_S)(timer.publish_ticks)
    readiness = Readiness()
    app.task(readiness.looking(lambda: _is_ready(app)))
    health.serve(settings.host, settings.health_port, lambda: readiness.now)
    watch(lambda: readiness.now)
    worker_of(app).execute_from_commandline()
    return 0


def worker_of(app: faust.App) -> faust.Worker:
    """Returns the worker that runs the app. Its logs are JSON: handlers come from the app."""
    return faust.Worker(
        app,
        loglevel="WARNING",
        redirect_stdouts=False,
        logging_config={"version": 1, "disable_existing_loggers": False},
    )


def _is_ready(app: faust.App) -> bool:
    # Called on the worker's own event loop only. Faust makes the recovery when it is first asked
    # for. A thread that answers a probe at the same moment would make a second one, which would be
    # told of the partitions and never started.
    # No partition for this worker is ready too: there may be more workers than partitions.
    if app.rebalancing:
        return False
    recovery = cast(LatchedTables, app.tables).recovery
    return bool(recovery.completed.is_set() and not recovery.in_recovery)


if __name__ == "__main__":
    sys.exit(main())
