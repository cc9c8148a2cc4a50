"""`python -m streams.main`: all folds in one Faust worker.

Several workers share the partitions of each fold.
"""

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import faust
from faust.app.base import BootStrategy

from adapters.erasure.erasable_objects import ErasableObjects
from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.changelog import Restoration
from adapters.kafka.dead_letters import Letters
from adapters.kafka.fuse import Fuse
from adapters.kafka.fuse_gate import FuseGate, Fuses
from adapters.kafka.intake import Intake
from adapters.kafka.offsets import GroupOffsets
from adapters.kafka.publisher import KafkaPublisher
from adapters.kafka.session_owners import SessionOwners
from adapters.kafka.stage_publisher import StagePublisher
from adapters.kafka.stage_transactions import StageTransactions
from adapters.kafka.transaction import KafkaTransactions, started
from adapters.objects.lexicons import Lexicons, shipped_lexicon
from adapters.objects.s3 import S3BlobStore
from adapters.objects.store import BlobStore
from adapters.process import lifecycle, logs, metrics
from adapters.process.clock import Clock, unix_ms
from adapters.process.retry import stop_waiting
from adapters.settings import Settings
from adapters.table import Table
from schemas import stages, topics
from schemas.lexicon import Lexicon
from streams.attribution import effects as attribution
from streams.credits.fold import fold as credits_fold
from streams.fold import Fold
from streams.groups.fold import fold as groups_fold
from streams.guarded import guarded
from streams.host.agent import FoldAgent, Guards
from streams.host.handled import Handled
from streams.host.hosted import Hosted, HostedFolds
from streams.host.readiness import watch
from streams.host.timer import TICK_S, SessionTimer
from streams.read_ahead import ReadAhead
from streams.sessions import fold as sessions
from streams.sessions.due import DueIndex, DueSessions
from streams.sessions.state import Rules
from streams.tally import effects as tally
from streams.users.fold import fold as users_fold

WATCHED = (
    stages.SESSIONS,
    stages.TRANSCRIBE,
    stages.DIARIZE,
    stages.ATTRIBUTION,
    stages.CLUSTER,
    stages.TALLY,
    stages.CREDITS,
)
"""Everything between a window and its counts."""


class Shell(BootStrategy):
    """Starts agents and timers alone. Faust's own consumer and producer know no transactions."""

    enable_kafka = False
    enable_web = False


def build() -> faust.App:
    """Returns a Faust app for agents, tasks and timers. It connects to nothing."""
    app = faust.App(
        topics.STREAMS_APP,
        web_enabled=False,
        loghandlers=[logs.json_handler("streams")],
    )
    app.boot_strategy = Shell(app)
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
        patience_ms=settings.patience_ms,
        lexicon=lexicon.version,
    )


def folds(
    blobs: BlobStore, clock: Clock, window_ms: int, lexicon: Lexicon, rules: Rules
) -> list[Fold]:
    """Returns the folds in the order of `stages.FOLDS`.

    All topics of a fold have the same key and the same number of partitions.
    """
    objects = ErasableObjects(blobs)
    counters = tally.Counters(Lexicons(blobs), lexicon)
    attributing = guarded(objects, attribution.shape(blobs, clock, window_ms).run)
    words = ReadAhead(blobs)
    counting = guarded(objects, tally.shape(words, counters).run)
    return [
        Fold(stages.SESSIONS, sessions.shape(rules).run),
        Fold(stages.ATTRIBUTION, attributing),
        Fold(stages.TALLY, counting, tally.words_ahead(words)),
        Fold(stages.CREDITS, credits_fold),
        Fold(stages.GROUPS, groups_fold),
        Fold(stages.USERS, users_fold),
    ]


def producers_of(settings: Settings, wanted: Sequence[Fold]) -> list[KafkaTransactions]:
    """Returns the producer of each fold. Blocks until earlier processes of them are fenced.

    Each asks the broker several times, so all start at once.
    """
    with ThreadPoolExecutor(len(wanted)) as threads:
        return list(threads.map(partial(started, settings), [fold.role for fold in wanted]))


def host(
    app: faust.App,
    settings: Settings,
    fold: Fold,
    table: Table,
    transactions: KafkaTransactions,
) -> Hosted:
    """Returns the fold as an agent of `app`."""
    gate = FuseGate(fold.name, Fuses(settings.kafka), unix_ms)
    fuse = Fuse(fold.name, SessionOwners(settings.kafka).of)
    guards = Guards(Letters(fold.name, unix_ms), fuse, gate)
    agent = FoldAgent(
        app,
        fold,
        table,
        StageTransactions(transactions, fold.role),
        guards,
    )
    restoration = Restoration(settings.kafka, fold.role.changelog, table)
    intake = Intake(settings.kafka, fold.role, restoration, agent.forget)
    agent.feed_from(intake)
    metrics.RECOVERY_RECORDS_LEFT.labels(fold.name).set_function(lambda: intake.records_left)
    return Hosted(agent, intake, table, gate)


def main() -> int:
    """Blocks until SIGTERM."""
    process = lifecycle.begin(Settings(), stages.STREAMS)
    settings = process.settings
    lexicon = shipped_lexicon()
    rules = rules_of(settings, lexicon)
    directory = settings.data_dir / "streams" / str(settings.worker)
    app = build()
    wanted = folds(S3BlobStore(settings), unix_ms, settings.window_ms, lexicon, rules)
    each = zip(wanted, producers_of(settings, wanted), strict=True)
    hosted = HostedFolds(
        [host(app, settings, fold, _table(directory, fold, rules), own) for fold, own in each]
    )
    timer = _session_timer(settings, of_sessions=hosted.folds[0])
    app.timer(TICK_S)(timer.publish_ticks)
    process.ready_when(hosted.are_ready, hosted.wait_for)
    watch(hosted.idle_s)
    app.task(partial(_stop_waiting_with, app))
    try:
        worker_of(app).execute_from_commandline()
    except SystemExit as ended:
        if not hosted.close():
            process.end(ended.code)  # a thread still waits, and Python would wait for the thread
        raise
    return 0


def _session_timer(settings: Settings, of_sessions: Hosted) -> SessionTimer:
    """Returns the timer that ticks for the sessions of this worker."""
    due = DueSessions(of_sessions.table, lambda: of_sessions.intake.owned)
    offsets = AskedOffsets(settings.kafka)
    handled = Handled([GroupOffsets(offsets, one.group, one.reads) for one in WATCHED])
    ticking = StagePublisher(KafkaPublisher(settings.kafka), stages.STREAMS)
    return SessionTimer(due, handled, ticking, unix_ms)


async def _stop_waiting_with(app: faust.App) -> None:
    """When the app is to end, nothing of it waits for a server any more."""
    try:
        await app.wait_for_stopped()
    finally:
        stop_waiting()


def _table(directory: Path, fold: Fold, rules: Rules) -> Table:
    path = directory / fold.name
    if fold.role is not stages.SESSIONS:
        return Table(path)
    index = DueIndex(rules)
    return Table(path, index.due, index.version)


def worker_of(app: faust.App) -> faust.Worker:
    """Returns the worker that runs the app. Its logs are JSON: handlers come from the app."""
    return faust.Worker(
        app,
        loglevel="WARNING",
        redirect_stdouts=False,
        logging_config={"version": 1, "disable_existing_loggers": False},
    )


if __name__ == "__main__":
    sys.exit(main())
