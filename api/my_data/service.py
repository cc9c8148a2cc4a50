"""Collects everything that is held about one person into a ZIP file. Blocking, for seconds."""

import csv
import io
import json
import threading
import zipfile
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO

from adapters.warehouse import Queries, TypedRow
from api.my_data.held import OBJECTS, OWN, TABLES, Held, NotHeld
from api.read_slots import BusyError
from api.sessions.texts import KeptObjects
from schemas.ids import SessionId, UserId
from schemas.object_kinds import JSON, kind_of
from schemas.rejections import Rejected

AT_A_TIME = 2
"""Files that are made at a time: each holds a thread for seconds."""
IN_MEMORY = 8 << 20
"""Bytes of a file until it goes to disk, where nobody else can open it."""
SESSIONS = f"SELECT session_id FROM sessions FINAL WHERE {OWN} ORDER BY session_id"  # noqa: S608
README = """Everything that Lahstats holds about you.

my-data.json     all of it, for programs: tables, the reasons why others hold nothing of you, names
                 of objects, and texts
tables/*.csv     the same tables, for spreadsheets
objects.csv      names of the objects of your recordings. Audio is named and not in this file.

Columns are explained in docs/data-dictionary.md. Rows and columns that are about other people alone
are left out.
"""


class LineRow(TypedRow, frozen=True):
    """A row of any table, as one line of JSON."""

    line: str


class SessionIdRow(TypedRow, frozen=True):
    """A session that the person recorded."""

    session_id: SessionId


class MyData:
    """TransientError when the warehouse or the store is away."""

    def __init__(self, warehouse: Queries, objects: KeptObjects) -> None:
        self._warehouse = warehouse
        self._objects = objects
        self._turns = threading.BoundedSemaphore(AT_A_TIME)

    def file(self, user: UserId) -> IO[bytes]:
        """The ZIP, from its beginning. BusyError when too many are being made."""
        if not self._turns.acquire(blocking=False):
            raise BusyError("other files are being made")
        try:
            made = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the answer closes it
            self._write(made, user)
            made.seek(0)
            return made
        finally:
            self._turns.release()

    def _write(self, made: IO[bytes], user: UserId) -> None:
        tables = {name: self._lines(name, held, user) for name, held in _held()}
        keys = list(self._keys(user))
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", README)
            for name, lines in tables.items():
                archive.writestr(f"tables/{name}.csv", as_csv(lines))
            archive.writestr(
                "objects.csv",
                as_csv([json.dumps({"key": key}) for key in keys]),
            )
            archive.writestr("my-data.json", self._document(tables, keys))

    def _lines(self, table: str, held: Held, user: UserId) -> list[str]:
        rows = self._warehouse.query(held.sql(table), {"user": user}, row=LineRow)
        return [row.line.strip() for row in rows]

    def _keys(self, user: UserId) -> Iterator[str]:
        """Keys of all objects of the sessions that the person recorded."""
        rows = self._warehouse.query(SESSIONS, {"user": user}, row=SessionIdRow)
        for row in rows:
            for root in dict.fromkeys(kind.root(row.session_id) for kind in OBJECTS):
                yield from self._objects.keys(root)

    def _document(self, tables: dict[str, list[str]], keys: Sequence[str]) -> str:
        reasons = {
            name: found.reason for name, found in TABLES.items() if isinstance(found, NotHeld)
        }
        document = {
            "tables": {
                name: [json.loads(line) for line in lines] for name, lines in tables.items()
            },
            "not_held": reasons,
            "objects": list(keys),
            "texts": dict(self._texts(keys)),
        }
        return json.dumps(document, ensure_ascii=False, indent=1)

    def _texts(self, keys: Sequence[str]) -> Iterator[tuple[str, object]]:
        for key in keys:
            kind = kind_of(key)
            if kind is None or kind.content_type != JSON:
                continue
            try:
                body, _ = self._objects.whole(key)
            except Rejected:
                continue  # it was removed meanwhile
            yield key, json.loads(body)


def _held() -> Iterator[tuple[str, Held]]:
    for name, found in TABLES.items():
        if isinstance(found, Held):
            yield name, found


def as_csv(lines: Sequence[str]) -> str:
    """Pure: lines of JSON as a table with a head. Lists stay JSON. Empty without lines."""
    rows = [json.loads(line) for line in lines]
    if not rows:
        return ""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    # A spreadsheet would run a name that begins so as a formula.
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
