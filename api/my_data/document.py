"""Pure: everything that is held about a person as one JSON object, in parts.

Nobody holds all of it: the words of a year, as objects of Python, are gigabytes.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from api.my_data.own_rows import TABLES, NotHeld

T = TypeVar("T")
Texts = Iterable[tuple[str, object]]
"""Keys of objects, and what is in each."""


def document(
    tables: Mapping[str, Sequence[str]], keys: Sequence[str], texts: Texts
) -> Iterator[str]:
    """Yield the parts. Rows are lines of JSON. A text is asked for when those before are taken."""
    yield '{"tables": {'
    for comma, (name, rows) in _with_commas(tables.items()):
        yield f"{comma}\n {_json(name)}: ["
        for between, row in _with_commas(rows):
            yield f"{between}\n  {row}"
        yield "]"
    reasons = {name: found.reason for name, found in TABLES.items() if isinstance(found, NotHeld)}
    yield f'}},\n"not_held": {_json(reasons)},\n"objects": {_json(list(keys))},\n"texts": {{'
    for comma, (key, text) in _with_commas(texts):
        yield f"{comma}\n {_json(key)}: {_json(text)}"
    yield "}}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _with_commas(items: Iterable[T]) -> Iterator[tuple[str, T]]:
    """Yield each with what stands before it."""
    comma = ""
    for item in items:
        yield comma, item
        comma = ","
