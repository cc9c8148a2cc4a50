"""The stages in ARCHITECTURE.md: a diagram of the topics between them, and a table."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

from deploy.generators.blocks import with_block
from deploy.table_printer import markdown
from schemas import stages, topics
from schemas.fact_sheet import Topic
from schemas.stage_kinds import Fold, Stage
from schemas.stage_names import StageName

PAGE = Path("ARCHITECTURE.md")
BLOCK = "stages"


def files() -> dict[Path, str]:
    """Return ARCHITECTURE.md with its generated block."""
    block = "\n".join([*diagram(), "", *table()])
    page = with_block(PAGE.read_text(), BLOCK, block)
    return {PAGE: page}


def diagram() -> list[str]:
    """Return a Mermaid flowchart: an arrow for each writer and reader, labelled with its topics.

    The sink is left out of the arrows: it reads nearly every topic (see the table).
    """
    return ["```mermaid", "flowchart LR", *_streams(), *_arrows(), "```"]


def _streams() -> Iterator[str]:
    yield "  subgraph streams"
    for fold in stages.FOLDS:
        yield f"    {_node(fold.name)}"
    yield "  end"


def _arrows() -> Iterator[str]:
    labels: dict[tuple[StageName, StageName], list[str]] = {}
    for topic in topics.ALL:
        writers = set(topic.writers) - {StageName.COMMAND_LINE}
        readers = set(topic.readers) - {StageName.SINK}
        for ends in product(sorted(writers), sorted(readers)):
            labels.setdefault(ends, []).append(_short(topic))
    for (writer, reader), names in labels.items():
        label = ", ".join(names)
        yield f"  {_node(writer)} -->|{label}| {_node(reader)}"
    sink = _node(StageName.SINK)
    api = _node(StageName.API)
    yield f"  {sink} -. ClickHouse .-> {api}"


def _node(name: StageName) -> str:
    """Return an identifier that Mermaid does not take for a keyword, with the name as its text."""
    return f"{name.value}_[{name.value}]"


def _short(topic: Topic) -> str:
    return topic.name.rpartition(".")[0]


def table() -> list[str]:
    """Return a Markdown table of the stages, the folds of `streams` below it."""
    rows = [_row(stage, ", ".join(stage.needs)) for stage in stages.ALL]
    rows += [_row(fold, "a fold of `streams`") for fold in stages.FOLDS]
    return markdown(("stage", "needs", "reads", "writes"), rows)


def _row(role: Stage | Fold, needs: str) -> list[str]:
    if role is stages.STREAMS:
        return [f"`{role.name}`", needs, "what its folds read", "what its folds write, and ticks"]
    return [f"`{role.name}`", needs, _names(role.reads), _names(role.writes)]


def _names(some: tuple[Topic, ...]) -> str:
    return ", ".join(f"`{_short(topic)}`" for topic in some)
