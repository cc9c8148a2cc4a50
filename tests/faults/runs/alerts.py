"""Faults that an operator must know of, with all metrics recorded: what the alert rules do then.

The recording is a test of the rules (`tests/integration/test_prometheus.py`).
"""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import httpx
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.client import client
from adapters.kafka.ends import places_of
from adapters.kafka.fuse_gate import Fuses
from adapters.kafka.publisher import Outgoing
from adapters.objects.s3 import S3BlobStore
from adapters.process.retry import TransientError
from adapters.settings import Settings
from deploy.demo.api_client import ApiClient
from deploy.devstack.running_stack import RunningStack, running
from deploy.meanwhile import meanwhile
from deploy.uuid7 import new_session_id
from deploy.waiting import until
from schemas import stages, topics
from schemas.fact_sheet import Topic
from schemas.object_kinds import MANIFEST
from tests.faults.load import Load, clip_of
from tests.faults.recorder import Recorder
from tests.faults.registry import Outcome, fault_alone
from tests.faults.scene import RECORDING, Scene, publish
from tests.faults.stand_ins import BACK_S
from tests.integration.phones import RawPhone, flac
from tests.integration.test_bad_input import spoken

RECORDED = Path("deploy/prometheus/recorded")
NAMES = (
    "up",
    "lahstats_ready",
    "lahstats_fuse_open",
    "lahstats_dead_letters_total",
    "lahstats_sessions_failed_total",
    "lahstats_chunks_answered_total",
    "lahstats_messages_waiting",
)
OF_EXPIRY = ("lahstats_messages_expired",)
OF_CLOCKS = ("lahstats_clock_ahead_seconds",)
PATIENCE_MS = "3000"
"""The watchdog asks again soon: a session that lacks something fails within a minute or two."""
CALM_S = 30.0
AWAY_S = 170.0
"""Longer than the alert for a process that is not ready waits."""
FAILS_S = 240.0
EVERY_S = 2
"""Length of a chunk, and time between two of them."""
LATE_S = 120.0
"""Longer than clocks must differ until somebody is told, and the start of a gateway."""
SESSIONS = 60
PEOPLE = 30
"""More than open a fuse."""


@fault_alone(
    "alerts-recorded",
    rows=("13", "26", "T19"),
    injected="a message that is none; a fuse opens; S3 is away for 170 s",
)
def alerts_recorded(folder: Path) -> Outcome:
    with (
        running(folder, GRACE_MS="8000") as stack,
        uploads(stack) as answers,
        Recorder(stack.settings) as recorder,
    ):
        time.sleep(CALM_S)
        recorder.expect()
        poison = [Outgoing(topics.COUNTED.name, new_session_id().encode(), b"no event")]
        publish(stack.settings, poison)
        time.sleep(CALM_S)
        recorder.expect("DeadLetters")
        open_a_fuse(stack)
        stack.stack.supervisor.stop(["s3"])
        time.sleep(AWAY_S)
        recorder.expect("DeadLetters", "FuseOpen", "ProcessNotReady", "UploadsRefused")
        stack.stack.supervisor.start_missing(["s3"])
    recorder.write(RECORDED / "servers.yaml", NAMES)
    found = [] if 503 in answers and 201 in answers else [f"uploads were answered {answers}"]
    return Outcome(f"{len(answers)} uploads", "not measured", found)


@fault_alone(
    "alerts-of-sessions",
    rows=("T5",),
    injected="the list of a session's voices is lost whenever it is written",
)
def alerts_of_sessions(folder: Path) -> Outcome:
    with (
        running(folder, GRACE_MS="8000", PATIENCE_MS=PATIENCE_MS) as stack,
        Recorder(stack.settings) as recorder,
    ):
        time.sleep(CALM_S)
        recorder.expect()
        failed = fail_a_session(stack)
        time.sleep(CALM_S)
        recorder.expect("DeadLetters", "SessionsFailed")
    recorder.write(RECORDED / "sessions.yaml", NAMES)
    found = [] if failed else ["a session came to its end without voices"]
    return Outcome("a session of a minute", "not measured", found)


@fault_alone(
    "alerts-of-clocks",
    rows=("15",),
    injected=f"the clock of the gateway is {BACK_S} s late",
)
def alerts_of_clocks(folder: Path) -> Outcome:
    with running(folder, (stages.GATEWAY, stages.STREAMS), GRACE_MS="8000") as stack:
        scene = Scene(stack, {}, Load(stack.settings, clip_of(RECORDING, folder)))
        with Recorder(stack.settings) as recorder, uploads(stack) as answers:
            time.sleep(CALM_S)
            recorder.expect()
            with scene.without(["gateway"]), scene.stand_ins("late", stages.GATEWAY):
                time.sleep(LATE_S)
                recorder.expect("ClocksDiffer")
    recorder.write(RECORDED / "clocks.yaml", OF_CLOCKS)
    found = [] if 201 in answers else [f"uploads were answered {set(answers)}"]
    return Outcome(f"{len(answers)} uploads", "not measured", found)


@fault_alone(
    "alerts-of-expiry",
    rows=("T16",),
    injected="sink is away, and messages expire that it did not read",
)
def alerts_of_expiry(folder: Path) -> Outcome:
    with (
        running(folder, (stages.GATEWAY, stages.STREAMS, stages.SINK), GRACE_MS="8000") as stack,
        uploads(stack) as answers,
        Recorder(stack.settings) as recorder,
    ):
        begin_sessions(stack)
        time.sleep(CALM_S)
        recorder.expect()
        stack.stack.supervisor.stop(["sink"])
        begin_sessions(stack)
        time.sleep(CALM_S)
        expire(stack.settings, topics.PROVISIONAL)
        stack.stack.supervisor.start_missing(["sink"])
        time.sleep(CALM_S)
        recorder.expect("MessagesExpired")
    recorder.write(RECORDED / "expiry.yaml", OF_EXPIRY)
    found = [] if 201 in answers else [f"uploads were answered {set(answers)}"]
    return Outcome(f"{len(answers)} uploads", "not measured", found)


def begin_sessions(stack: RunningStack) -> None:
    """So many that there are some of every partition."""
    for _ in range(SESSIONS):
        RawPhone(stack.settings, "begins").start().raise_for_status()


def expire(settings: Settings, topic: Topic) -> None:
    """All messages of the topic expire now."""
    with closing(AskedOffsets(settings.kafka)) as offsets:
        ends = offsets.ends(places_of([topic]))
    admin = AdminClient(client(settings.kafka, {}))
    gone = [TopicPartition(*place, end) for place, end in ends.items()]
    for done in admin.delete_records(gone).values():
        done.result(timeout=60)


@contextmanager
def uploads(stack: RunningStack) -> Iterator[list[int]]:
    """Silence is uploaded at the pace of real time while the block runs. Yields their answers."""
    answers: list[int] = []
    phone = RawPhone(stack.settings, "uploads")
    phone.start().raise_for_status()
    content = flac(EVERY_S)

    def send() -> None:
        seq = len(answers)
        times = {
            "Lah_Start_Ms": str(seq * EVERY_S * 1000),
            "Lah_Duration_Ms": str(EVERY_S * 1000),
        }
        with suppress(httpx.HTTPError):
            answers.append(phone.chunk(seq, content, **times).status_code)

    with meanwhile(send, EVERY_S):
        yield answers


def fail_a_session(stack: RunningStack) -> bool:
    """Return whether a session failed whose list of voices is lost whenever it is written."""
    blobs = S3BlobStore(stack.settings)
    phone = RawPhone(stack.settings, "loser")
    phone.start().raise_for_status()
    for seq, chunk in enumerate(spoken()):
        phone.chunk(seq, chunk).raise_for_status()
    prefix = MANIFEST.before("generation", session_id=phone.session_id)

    def lose() -> None:
        with suppress(TransientError):
            blobs.delete(list(blobs.keys(prefix)))

    with meanwhile(lose, 0.02):
        phone.complete(2).raise_for_status()
        owner = ApiClient(stack.settings, phone.user)
        try:
            owner.await_final(phone.session_id, lambda _: None, FAILS_S)
        except ValueError:
            return True
    return False


def open_a_fuse(stack: RunningStack) -> None:
    """Messages of many people that are none: the stage stops until somebody closes its fuse."""
    poison = [
        Outgoing(topics.CLIPS_WANTED.name, new_session_id().encode(), b"no event")
        for _ in range(PEOPLE)
    ]
    publish(stack.settings, poison)
    fuses = Fuses(stack.settings.kafka)
    until(fuses.open_ones, bool, 60)
