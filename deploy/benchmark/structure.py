"""`lahstats benchmark structure`: the shape of the code, by room, before and after.

The figures come from the syntax trees of the modules. Definitions stand in the page.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from operator import attrgetter
from pathlib import Path

from deploy.benchmark.reports import commit
from deploy.benchmark.syntax import WIDEST, Function, Syntax, read
from deploy.table_printer import markdown as table

ROOMS = ("schemas", "adapters", "producers", "streams", "consumers", "api", "deploy", "tests")
PRODUCT = ROOMS[:-1]
BEFORE = Path("docs/structure-before.json")
"""The same measures of commit adac905, made by this command on that tree."""
WORST = 10

PAGE = """# Structure

Written by `make structure` at commit {commit}; "before" is commit {before}.

- **lines**: of a module, blank ones and docstrings included. Of a function: those that are not
  blank, without its docstring.
- **content per line**: AST nodes of a function's arguments and body, over its lines. Median and
  90th percentile of all functions.
- **typed**: functions whose parameters and result all have an annotation.
- **ternaries, tuple assignments (`a, b = x, y`), nested comprehensions**: for 1,000 lines.
- **lambdas, `dict[str, Any]`, wide lines** (over {widest} columns): how many there are.

## The product, before and after

{compared}

## By room

{rooms}

## Densest functions

{densest}

## Longest functions

{longest}
"""


@dataclass(frozen=True, kw_only=True)
class FunctionShape:
    """All measures of some functions."""

    functions: int
    function_p50: int
    function_p90: int
    function_max: int
    content_p50: float
    content_p90: float
    typed_percent: float


@dataclass(frozen=True, kw_only=True)
class Shape(FunctionShape):
    """All measures of some modules and of their functions."""

    files: int
    lines: int
    module_p50: int
    module_p90: int
    module_max: int
    slivers: int
    ternaries: float
    tuple_assignments: float
    nested_comprehensions: float
    lambdas: int
    any_dicts: int
    wide_lines: int


NAMES = {
    "files": "modules",
    "lines": "lines",
    "module_p50": "lines a module, median",
    "module_p90": "lines a module, 90th percentile",
    "module_max": "longest module",
    "slivers": "modules under 15 lines",
    "functions": "functions",
    "function_p50": "lines a function, median",
    "function_p90": "lines a function, 90th percentile",
    "function_max": "longest function",
    "content_p50": "content per line, median",
    "content_p90": "content per line, 90th percentile",
    "typed_percent": "typed, %",
    "ternaries": "ternaries",
    "tuple_assignments": "tuple assignments",
    "nested_comprehensions": "nested comprehensions",
    "lambdas": "lambdas",
    "any_dicts": "`dict[str, Any]`",
    "wide_lines": "wide lines",
}
SLIVER = 15


@dataclass(frozen=True)
class Structure:
    """Measures of the product and of each room, and the functions that are worst."""

    commit: str
    product: Shape
    rooms: dict[str, Shape]
    densest: list[Function]
    longest: list[Function]

    def document(self) -> dict[str, object]:
        """Return the same as JSON values."""
        return asdict(self)


def measure_rooms(root: Path) -> Structure:
    """Read every module of the tree at `root`. Blocks for seconds; raises SyntaxError."""
    by_room = {room: _modules(root, room) for room in ROOMS}
    product = [module for room in PRODUCT for module in by_room[room]]
    functions = [function for module in product for function in module.functions]
    return Structure(
        commit=commit(root),
        product=shape(product),
        rooms={room: shape(modules) for room, modules in by_room.items()},
        densest=sorted(functions, key=attrgetter("nodes_per_line"), reverse=True)[:WORST],
        longest=sorted(functions, key=attrgetter("lines"), reverse=True)[:WORST],
    )


def _modules(root: Path, room: str) -> list[Syntax]:
    return [read(path, root) for path in sorted((root / room).rglob("*.py"))]


def shape(modules: Sequence[Syntax]) -> Shape:
    """Return the measures of some modules together."""
    lengths = [module.lines for module in modules]
    functions = [function for module in modules for function in module.functions]

    def for_1000(counts: Iterable[int]) -> float:
        return round(1000 * sum(counts) / max(1, sum(lengths)), 1)

    return Shape(
        **asdict(function_shape(functions)),
        files=len(modules),
        lines=sum(lengths),
        module_p50=int(quantile(lengths, 0.5)),
        module_p90=int(quantile(lengths, 0.9)),
        module_max=max(lengths, default=0),
        slivers=sum(module.lines < SLIVER and not module.is_package for module in modules),
        ternaries=for_1000(module.ternaries for module in modules),
        tuple_assignments=for_1000(module.tuple_assignments for module in modules),
        nested_comprehensions=for_1000(module.nested_comprehensions for module in modules),
        lambdas=sum(module.lambdas for module in modules),
        any_dicts=sum(module.any_dicts for module in modules),
        wide_lines=sum(module.wide_lines for module in modules),
    )


def function_shape(functions: Sequence[Function]) -> FunctionShape:
    """Return the measures of some functions together."""
    lengths = [function.lines for function in functions]
    content = [function.nodes_per_line for function in functions]
    typed = sum(function.is_typed for function in functions)
    return FunctionShape(
        functions=len(functions),
        function_p50=int(quantile(lengths, 0.5)),
        function_p90=int(quantile(lengths, 0.9)),
        function_max=max(lengths, default=0),
        content_p50=round(quantile(content, 0.5), 1),
        content_p90=round(quantile(content, 0.9), 1),
        typed_percent=round(100 * typed / max(1, len(functions)), 1),
    )


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of all lie; 0 without values."""
    if not values:
        return 0
    ordered = sorted(values)
    last = len(ordered) - 1
    place = int(share * len(ordered))
    return ordered[min(last, place)]


def markdown(found: Structure) -> list[str]:
    """Return the tables of the page, without the former commit."""
    densest = _worst(found.densest)
    longest = _worst(found.longest)
    return [*_by_room(found.rooms), "", *densest, "", *longest]


def page(found: Structure) -> str:
    """Return docs/structure.md."""
    before = json.loads(BEFORE.read_text())
    return PAGE.format(
        commit=found.commit,
        before=before["commit"],
        widest=WIDEST,
        compared="\n".join(_compared(Shape(**before["product"]), found.product)),
        rooms="\n".join(_by_room(found.rooms)),
        densest="\n".join(_worst(found.densest)),
        longest="\n".join(_worst(found.longest)),
    )


def _compared(before: Shape, after: Shape) -> list[str]:
    return _by_room({"before": before, "after": after})


def _by_room(rooms: dict[str, Shape]) -> list[str]:
    rows: list[list[object]] = []
    for key, name in NAMES.items():
        values = [getattr(of_room, key) for of_room in rooms.values()]
        rows.append([name, *values])
    return table(("measure", *rooms), rows)


def _worst(functions: Sequence[Function]) -> list[str]:
    return table(("function", "lines", "content per line"), _worst_rows(functions))


def _worst_rows(functions: Sequence[Function]) -> Iterator[tuple[object, ...]]:
    for function in functions:
        yield f"`{function.place}`", function.lines, round(function.nodes_per_line, 1)
