"""Every metric that the product exports.

Names are an API: a test checks the dashboards and alert rules against this list.

A counter that an alert watches exists from the start of its process on, at 0. Prometheus sees no
increase when a counter comes into being at 1: the first dead letter of a reason woke nobody.
"""

from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from schemas.rejections import Reason
from schemas.session_events import Failure

REGISTRY = CollectorRegistry()


class DecoderFailure(StrEnum):
    """How a child that opens uploads failed: it died, hung, or met a defect of ours."""

    DIED = "died"
    HUNG = "hung"
    DEFECT = "defect"


EVENTS_HANDLED = Counter(
    "lahstats_events_handled_total",
    "Messages whose outcome was committed",
    ["stage", "outcome"],
    registry=REGISTRY,
)
DEAD_LETTERS = Counter(
    "lahstats_dead_letters_total",
    "Messages that went to a dead-letter topic",
    ["stage", "reason"],
    registry=REGISTRY,
)
FUSE_OPEN = Gauge(
    "lahstats_fuse_open",
    "1 while the fuse of a stage or fold is open",
    ["stage"],
    registry=REGISTRY,
)
SESSIONS_FAILED = Counter(
    "lahstats_sessions_failed_total",
    "Sessions that ended without a result that they need",
    ["failure"],
    registry=REGISTRY,
)
MESSAGES_WAITING = Gauge(
    "lahstats_messages_waiting",
    "Messages that the consumer group of a stage has yet to handle: live, or catching_up",
    ["stage", "kind"],
    registry=REGISTRY,
)
MESSAGES_EXPIRED = Gauge(
    "lahstats_messages_expired",
    "Messages that expired before their group read them, since this process began",
    ["group"],
    registry=REGISTRY,
)
WORK_SECONDS = Histogram(
    "lahstats_work_seconds",
    "Seconds of work on one batch",
    ["stage"],
    buckets=(0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 120),
    registry=REGISTRY,
)
AUDIO_SECONDS = Counter(
    "lahstats_audio_seconds_total",
    "Seconds of audio a model stage worked through",
    ["stage"],
    registry=REGISTRY,
)
ROWS_WRITTEN = Counter(
    "lahstats_rows_written_total",
    "Rows acknowledged by the warehouse",
    ["table"],
    registry=REGISTRY,
)
CHUNKS_ANSWERED = Counter(
    "lahstats_chunks_answered_total", "Answers to chunk uploads", ["status"], registry=REGISTRY
)
UPLOAD_SECONDS = Histogram(
    "lahstats_upload_seconds",
    "Seconds of one chunk in a step of the gateway: its body comes, its audio is measured, its "
    "object and its event are acknowledged",
    ["step"],
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2, 10),
    registry=REGISTRY,
)
DECODER_FAILURES = Counter(
    "lahstats_decoder_failures_total",
    "Children that open uploads and died, hung, or met a defect, also while they waited",
    ["failure"],
    registry=REGISTRY,
)
RECOVERY_RECORDS_LEFT = Gauge(
    "lahstats_recovery_records_left",
    "Changelog records that a fold's table is behind by; 0 when it is up to date",
    ["fold"],
    registry=REGISTRY,
)
MEMORY_KEPT = Gauge(
    "lahstats_memory_kept_bytes",
    "Memory that was freed and stays with the process, for the next pass of its models",
    registry=REGISTRY,
)
CLOCK_AHEAD = Gauge(
    "lahstats_clock_ahead_seconds",
    "Seconds by which the process's clock is ahead of the object store's at least; below 0, behind",
    registry=REGISTRY,
)
READY = Gauge("lahstats_ready", "1 when the process can do its work", registry=REGISTRY)


def expect_dead_letters(stage: str) -> None:
    """Show the dead letters of a stage or fold from now on, also those that never come."""
    for reason in Reason:
        DEAD_LETTERS.labels(stage, reason)


def expect_failed_sessions() -> None:
    """Show failed sessions from now on, also those that never come."""
    for failure in Failure:
        SESSIONS_FAILED.labels(failure)


def expect_audio(stage: str) -> None:
    """Show the audio of a model stage from now on, also while it works on none."""
    AUDIO_SECONDS.labels(stage)


def expect_decoder_failures() -> None:
    """Show failures of decoding children from now on, also those that never come."""
    for failure in DecoderFailure:
        DECODER_FAILURES.labels(failure)
