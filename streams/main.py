"""`python -m streams.main`: all folds in one Faust worker.

Several workers share the partitions of each fold.
"""

import sys
import time
from concurrent.futures import wait
from dataclasses import dataclass
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
from adapters.kafka.transaction import started
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
CLOSE_S = 15.0
"""All folds together leave their groups within that, of the 30 s that a process has to end."""


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


@dataclass(frozen=True)
class Hosted:
    """One fold with all that its host needs."""

    agent: FoldAgent
    intake: Intake
    table: Table
    gate: FuseGate


def host(app: faust.App, settings: Settings, fold: Fold, table: Table) -> Hosted:
    """Returns the fold as an agent of `app`. Blocks until earlier processes of it are fenced."""
    transactions = started(settings, fold.role.group)
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
    settings = Settings()
    process = lifecycle.begin(settings, stages.STREAMS)
    lexicon = shipped_lexicon()
    rules = rules_of(settings, lexicon)
    directory = settings.data_dir / "streams" / str(settings.worker)
    app = build()
    hosted = [
        host(app, settings, fold, _table(directory, fold, rules))
        for fold in folds(S3BlobStore(settings), unix_ms, settings.window_ms, lexicon, rules)
    ]
    timer = _session_timer(settings, of_sessions=hosted[0])
    app.timer(TICK_S)(timer.publish_ticks)
    process.ready_when(lambda: _is_ready(hosted), lambda: _waits_for(hosted))
    watch(lambda: _idle_s(hosted))
    app.task(partial(_stop_waiting_with, app))
    try:
        worker_of(app).execute_from_commandline()
    except SystemExit as ended:
        if not _closed(hosted):
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


def _closed(hosted: list[Hosted]) -> bool:
    """Leave all groups. False when a server that is away keeps one from it. Blocking."""
    leaving = [each.agent.leave() for each in hosted]
    done, late = wait(leaving, CLOSE_S)
    for one in done:
        one.result()
    if late:
        return False
    for each in hosted:
        each.agent.close()
    return True


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


def _is_ready(hosted: list[Hosted]) -> bool:
    return all(each.intake.ready for each in hosted)


def _waits_for(hosted: list[Hosted]) -> str:
    """The folds that are not ready: changelog records that each has yet to read, or its fuse."""
    held = [f"{each.agent.name}: {words}" for each in hosted if (words := each.gate.waits_for())]
    if held:
        return "; ".join(held)
    left = [
        f"{each.agent.name} ({each.intake.records_left:,} records left)"
        for each in _restoring(hosted)
    ]
    return f"tables of {', '.join(left)}"


def _idle_s(hosted: list[Hosted]) -> float:
    """Seconds in which no fold that is not ready has come nearer to it; 0 when all are ready.

    A fold whose fuse is open waits for a person.
    """
    progress = [each.intake.progressed_at for each in _restoring(hosted)]
    return time.monotonic() - max(progress) if progress else 0.0


def _restoring(hosted: list[Hosted]) -> list[Hosted]:
    """Those that are not ready, without those whose fuse is open."""
    return [each for each in hosted if not each.intake.ready and not each.gate.found]


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
