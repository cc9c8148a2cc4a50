"""The list of stages against everything that a stage is written down in."""

import ast
import asyncio
import re
import tomllib
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from adapters.kafka.publisher import Outgoing
from adapters.kafka.stage_publisher import AwaitableStagePublisher, StagePublisher
from adapters.objects.lexicons import shipped_lexicon
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from producers.gateway.directory_consumer import FROM_NOW_ON, FROM_THE_BEGINNING
from schemas import stages, topics
from schemas.stage_kinds import Stage
from schemas.stage_names import FOLDS, StageName
from streams.main import folds, rules_of
from tests.memory_blob_store import MemoryBlobStore

CONSUMERS = [stage for stage in stages.ALL if stage.module.startswith("consumers.")]
MOST_WORKERS = 10
"""Health ports of two stages are at least so far apart."""


def name_of(value: Stage) -> str:
    return value.name


def source_of(stage: Stage) -> ast.Module:
    spec = find_spec(stage.module)
    assert spec is not None
    assert spec.origin is not None
    return ast.parse(Path(spec.origin).read_text())


def handed_over(stage: Stage, function: str) -> set[str]:
    """Entries of the list that the module of `stage` gives to `function`.

    A kind of `function` for an event loop has its name at the end.
    """
    calls = [node for node in ast.walk(source_of(stage)) if isinstance(node, ast.Call)]
    named = [call for call in calls if ast.unparse(call.func).endswith(function)]
    arguments = [ast.unparse(argument) for call in named for argument in call.args]
    return {argument for argument in arguments if argument.startswith("stages.")}


def test_every_name_of_a_stage_or_fold_has_an_entry() -> None:
    names = [each.name for each in (*stages.ALL, *stages.FOLDS)]
    assert sorted(names) == sorted(set(StageName) - {StageName.COMMAND_LINE})
    assert tuple(fold.name for fold in stages.FOLDS) == FOLDS


@pytest.mark.parametrize("stage", stages.ALL, ids=name_of)
def test_a_stage_has_a_module_of_its_own_that_can_be_run(stage: Stage) -> None:
    functions = [node for node in source_of(stage).body if isinstance(node, ast.FunctionDef)]
    assert "main" in {function.name for function in functions}
    assert [other.name for other in stages.ALL if other.module == stage.module] == [stage.name]


@pytest.mark.parametrize("stage", stages.ALL, ids=name_of)
def test_a_consumer_group_has_the_name_of_its_stage_and_writes_dead_letters(stage: Stage) -> None:
    assert stage.group == (f"lahstats-{stage.name}" if stage in CONSUMERS else "")
    assert (topics.LETTERS in stage.writes) is (stage in CONSUMERS or stage is stages.STREAMS)


def test_streams_has_the_topics_of_its_folds_and_the_ticks_of_its_timer() -> None:
    assert set(stages.STREAMS.reads) == {topic for fold in stages.FOLDS for topic in fold.reads}
    written = {topic for fold in stages.FOLDS for topic in fold.writes}
    assert set(stages.STREAMS.writes) == written | {topics.INBOUND}


def test_every_reader_of_a_topic_has_a_group_but_the_gateways() -> None:
    """Each gateway reads whole directories, on its own."""
    readers = {(topic.name, name) for topic in topics.ALL for name in topic.readers}
    names = {each.group: each.name for each in stages.ROLES}
    in_groups = {
        (topic.name, names[group]) for group, reads in stages.GROUPS_READ.items() for topic in reads
    }
    assert {name for _, name in readers - in_groups} == {StageName.GATEWAY}
    assert in_groups <= readers


@pytest.mark.parametrize("stage", stages.ALL, ids=name_of)
def test_a_process_begins_as_its_own_stage(stage: Stage) -> None:
    assert handed_over(stage, "lifecycle.begin") == {f"stages.{stage.name.upper()}"}


@pytest.mark.parametrize("stage", [stages.GATEWAY, stages.ERASURE, stages.STREAMS], ids=name_of)
def test_who_publishes_by_itself_may_publish_its_own_topics_only(stage: Stage) -> None:
    assert handed_over(stage, "StagePublisher") == {f"stages.{stage.name.upper()}"}


def test_the_faust_worker_runs_every_fold_of_the_list() -> None:
    settings = Settings()
    lexicon = shipped_lexicon()
    rules = rules_of(settings, lexicon)
    composed = folds(MemoryBlobStore(), unix_ms, settings.window_ms, lexicon, rules)
    assert tuple(fold.role for fold in composed) == stages.FOLDS


def test_a_gateway_follows_the_topics_of_its_entry() -> None:
    assert {*FROM_THE_BEGINNING, *FROM_NOW_ON} == set(stages.GATEWAY.reads)


class Recorder:
    """A publisher that keeps the names of the topics."""

    def __init__(self) -> None:
        self.topics: list[str] = []

    def publish(self, messages: list[Outgoing]) -> None:
        self.topics += [message.topic for message in messages]

    async def published(self, messages: list[Outgoing]) -> None:
        self.publish(messages)


def test_a_stage_can_publish_its_own_topics_and_dead_letters_and_nothing_else() -> None:
    recorder: Any = Recorder()
    publisher = StagePublisher(recorder, stages.CLUSTER)
    allowed = [topics.IDENTIFIED.name, topics.VOICES_COMPLETE.dead_letters]
    publisher.publish([Outgoing(name, None, None) for name in allowed])
    refused = [topics.VOICES_COMPLETE.name, topics.IDENTIFIED.dead_letters]
    for name in refused:
        with pytest.raises(ValueError, match="cluster does not write"):
            publisher.publish(
                [Outgoing(topics.IDENTIFIED.name, None, None), Outgoing(name, None, None)]
            )
    assert recorder.topics == allowed


def test_a_stage_on_an_event_loop_has_the_same_topics() -> None:
    recorder: Any = Recorder()
    publisher = AwaitableStagePublisher(recorder, stages.GATEWAY)
    asyncio.run(publisher.published([Outgoing(topics.INBOUND.name, None, None)]))
    with pytest.raises(ValueError, match="gateway does not write"):
        asyncio.run(publisher.published([Outgoing(topics.COUNTED.name, None, None)]))
    assert recorder.topics == [topics.INBOUND.name]


def test_health_ports_leave_room_for_the_workers_of_a_stage() -> None:
    for one, other in combinations(stages.ALL, 2):
        apart = abs(one.health_port - other.health_port)
        assert apart >= (MOST_WORKERS if one.has_workers and other.has_workers else 1)
    fixed = [stage.health_port for stage in stages.ALL if not stage.has_workers]
    assert max(fixed) < min(stage.health_port for stage in stages.ALL if stage.has_workers)


def test_every_stage_of_several_workers_has_a_setting_for_their_number() -> None:
    wanted = {f"{stage.name}_workers" for stage in stages.ALL if stage.has_workers}
    assert {name for name in Settings.model_fields if name.endswith("_workers")} == wanted


def test_import_contracts_name_every_consumer_group() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    name = "consumer groups meet only on topics"
    (modules,) = [one["modules"] for one in contracts if one["name"] == name]
    groups = {stage.module.removesuffix(".main") for stage in CONSUMERS}
    named = set(modules) - {"consumers.dlq"}
    assert groups - named == set(), f'pyproject.toml lacks them in the contract "{name}"'
    assert named - groups == set(), f'no stage, but in the contract "{name}" of pyproject.toml'


PAGE = Path("docs/how-to/stage.md")
FILES = re.findall(
    r"^ *(?:In|Copy `[^`]+` to) `(deploy/[^`]+\.yaml)`", PAGE.read_text(), re.MULTILINE
)
"""The files that a stage is written down in, as the how-to page lists them."""


def test_every_stage_stands_in_every_file_that_the_how_to_page_lists() -> None:
    assert len(FILES) >= 6
    lacking: list[str] = []
    for stage in stages.ALL:
        port = str(Settings().port_base + stage.health_port)
        for name in FILES:
            path = Path(name.replace("cheers", stage.name))
            known = re.compile(rf"\b({stage.name}|{port})\b")
            if not path.exists() or not known.search(path.read_text()):
                lacking.append(f"{path} lacks the stage {stage.name}")
    assert lacking == [], f"{PAGE} says how they name a stage"
