"""The shape of one module, from its syntax tree."""

import ast
from dataclasses import dataclass
from pathlib import Path

WIDEST = 100
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
COMPREHENSION = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True)
class Function:
    """One function: its place, its lines without the docstring, and AST nodes for each of them."""

    place: str
    lines: int
    nodes_per_line: float
    is_typed: bool


@dataclass(frozen=True)
class Syntax:
    """One module: lines, functions, and how often some ways of writing occur."""

    path: str
    is_package: bool
    lines: int
    wide_lines: int
    functions: tuple[Function, ...]
    ternaries: int
    tuple_assignments: int
    nested_comprehensions: int
    lambdas: int
    any_dicts: int


def read(path: Path, root: Path) -> Syntax:
    """Read and parse the module at `path`. Raises SyntaxError when it is not Python."""
    text = path.read_text()
    rows = text.splitlines()
    nodes = list(ast.walk(ast.parse(text)))
    place = str(path.relative_to(root))
    functions = [node for node in nodes if isinstance(node, FUNCTION)]
    return Syntax(
        path=place,
        is_package=path.name == "__init__.py",
        lines=len(rows),
        wide_lines=sum(len(row) > WIDEST for row in rows),
        functions=tuple(_function(place, node, rows) for node in functions),
        ternaries=sum(isinstance(node, ast.IfExp) for node in nodes),
        tuple_assignments=sum(map(_is_tuple_assignment, nodes)),
        nested_comprehensions=sum(map(_is_nested, nodes)),
        lambdas=sum(isinstance(node, ast.Lambda) for node in nodes),
        any_dicts=sum(map(_is_any_dict, nodes)),
    )


def _is_tuple_assignment(node: ast.AST) -> bool:
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Tuple):
        return False
    return isinstance(node.targets[0], ast.Tuple)


def _is_nested(node: ast.AST) -> bool:
    """Whether a comprehension has another one inside."""
    if not isinstance(node, COMPREHENSION):
        return False
    inner = (child for child in ast.walk(node) if child is not node)
    return any(isinstance(child, COMPREHENSION) for child in inner)


def _is_any_dict(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) and ast.unparse(node) == "dict[str, Any]"


def _function(place: str, node: FUNCTION, rows: list[str]) -> Function:
    lines = max(1, len(_code_lines(node, rows)))
    body = node.body[1:] if ast.get_docstring(node) else node.body
    nodes = 0
    for part in (node.args, *body):
        nodes += len(list(ast.walk(part)))
    return Function(
        place=f"{place}:{node.lineno} {node.name}",
        lines=lines,
        nodes_per_line=nodes / lines,
        is_typed=_is_typed(node),
    )


def _code_lines(node: FUNCTION, rows: list[str]) -> list[int]:
    """Numbers of the lines that are neither blank nor the docstring."""
    docstring = _numbers(node.body[0]) if ast.get_docstring(node) else range(0)
    code: list[int] = []
    for number in _numbers(node):
        is_blank = not rows[number - 1].strip()
        if not is_blank and number not in docstring:
            code.append(number)
    return code


def _numbers(node: ast.stmt) -> range:
    """Numbers of the lines of a statement, decorators left out."""
    last = node.end_lineno or node.lineno
    return range(node.lineno, last + 1)


def _is_typed(node: FUNCTION) -> bool:
    if node.returns is None:
        return False
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    named = [one for one in arguments if one.arg not in ("self", "cls")]
    return all(one.annotation is not None for one in named)
