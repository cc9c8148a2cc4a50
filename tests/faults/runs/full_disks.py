"""A server has no room: its disk is full, or it has too many parts."""

import os
import time

from adapters.warehouse import Warehouse
from deploy.waiting import until
from tests.faults.registry import fault
from tests.faults.scene import Scene
from tests.integration.phones import RawPhone, flac

FULL_S = 30.0
TOLD_S = 20.0
"""Within this time probes and operators are told of a full disk."""
TABLES = ("word_events", "sessions", "speaker_totals", "spoken_windows")


@fault("s3-disk-full", rows=("14", "T19"), injected="S3: its disk is full for 30 s")
def s3_disk_full(scene: Scene) -> None:
    with scene.full("s3"):
        until(lambda: scene.status_of("gateway"), lambda found: not found.answers, TOLD_S)
        told = scene.status_of("gateway")
        assert "takes writes" in told.says, told
        phone = RawPhone(scene.stack.settings, "full-disk")
        phone.start().raise_for_status()
        answer = phone.chunk(0, flac(4))
        assert (answer.status_code, answer.json()["type"]) == (503, "part-full"), answer.text
        assert "Retry-After" in answer.headers
        time.sleep(FULL_S)
        log = scene.supervisor.log_tail("gateway", 400)
        lines = [line for line in log.splitlines() if '"part_away"' in line and "full" in line]
        assert 1 <= len(lines) <= 3, f"{len(lines)} lines say that the store is full"


@fault(
    "kafka-disk-full",
    rows=("14",),
    injected="broker: its disk is full for 30 s",
    may_restart=("kafka",),
)
def kafka_disk_full(scene: Scene) -> None:
    with scene.full("kafka"):
        time.sleep(FULL_S)


@fault("clickhouse-disk-full", rows=("14", "12"), injected="ClickHouse: its disk is full for 30 s")
def clickhouse_disk_full(scene: Scene) -> None:
    with scene.full("clickhouse"):
        time.sleep(FULL_S)


@fault("clickhouse-too-many-parts", rows=("12", "T17"), injected="ClickHouse: too many parts, 30 s")
def clickhouse_too_many_parts(scene: Scene) -> None:
    warehouse = Warehouse(scene.stack.settings)
    for table in TABLES:
        warehouse.command(f"ALTER TABLE {table} MODIFY SETTING parts_to_throw_insert = 1")
    time.sleep(FULL_S)
    for table in TABLES:
        warehouse.command(f"ALTER TABLE {table} RESET SETTING parts_to_throw_insert")
    warehouse.close()


@fault("s3-frozen-large-chunk", rows=("T12", "11"), injected="S3: frozen in the middle of 7 MB")
def s3_frozen_large_chunk(scene: Scene) -> None:
    phone = RawPhone(scene.stack.settings, "large-chunk")
    phone.start().raise_for_status()
    body = flac(1) + os.urandom(7 << 20)
    with scene.frozen(["s3"]):
        began_s = time.monotonic()
        answer = phone.chunk(0, body)
        took_s = time.monotonic() - began_s
    assert (answer.status_code, took_s < 30) == (503, True), (answer.text, took_s)
    headers = phone.user_headers
    phone.http.delete(f"/v1/sessions/{phone.session_id}", headers=headers).raise_for_status()
    until(scene.unfinished_objects, lambda left: not left, 30)
