"""The command that a fleet runs before its stages, as production and from another process."""

import os
import subprocess
import sys

from confluent_kafka.admin import AdminClient

from adapters.settings import Settings
from adapters.warehouse import Warehouse
from deploy.devstack.chdb_server.process import environment_of
from deploy.devstack.running_stack import RunningStack
from deploy.prepare.kafka_topics import wanted_topics


def migrations(settings: Settings) -> list[str]:
    warehouse = Warehouse(settings)
    found = [
        row["name"] for row in warehouse.query("SELECT name FROM schema_migrations ORDER BY name")
    ]
    warehouse.close()
    return found


def test_a_fleet_is_prepared_by_one_command_that_may_run_again(stack: RunningStack) -> None:
    admin = AdminClient({"bootstrap.servers": stack.settings.kafka, "log_level": 0})
    before = set(admin.list_topics(timeout=60).topics)
    applied = migrations(stack.settings)
    environment = (
        os.environ | environment_of(stack.settings) | {"LAHSTATS_ENVIRONMENT": "production"}
    )
    done = subprocess.run(
        [sys.executable, "-m", "deploy.prepare.main"],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert set(admin.list_topics(timeout=60).topics) == before
    assert {topic.topic for topic in wanted_topics()} <= before
    assert migrations(stack.settings) == applied
