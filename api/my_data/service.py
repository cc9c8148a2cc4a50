"""Collects everything that is held about one person into a ZIP file. Blocking, for seconds."""

import csv
import io
import json
import mimetypes
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from inspect import GEN_CLOSED, getgeneratorstate
from itertools import chain, islice
from weakref import WeakValueDictionary

from adapters.http.bodies import media_type
from adapters.http.turns import BusyError
from adapters.warehouse import Queries, TypedRow
from api.my_data.archive import Archive
from api.my_data.document import document
from api.my_data.own_rows import (
    OBJECTS,
    OWN,
    OWN_CLIPS,
    TABLES,
    Held,
    ObjectForm,
    form_of,
)
from api.sessions.texts import KeptObjects
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.object_kinds import CLIP, kind_of
from schemas.rejections import Rejected

AT_A_TIME = 2
"""Files that are begun at a time, of different people: each holds a thread for seconds."""
ENDINGS = {"audio/webm": ".webm", "audio/ogg": ".ogg", "audio/mp4": ".m4a", "audio/flac": ".flac"}
"""Of the types that phones name; the standard library knows others."""
SESSIONS = f"SELECT session_id FROM sessions FINAL WHERE {OWN} ORDER BY session_id"  # noqa: S608
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
"""First signs of a formula. Spreadsheets of East Asia take the wide ones too."""
MARK = "\ufeff"
"""Of UTF-8. Without it Excel shows names in Chinese as signs of another alphabet."""
README = """Everything that Lahstats holds about you.

my-data.json     all of it, for programs: tables, the reasons why others hold nothing of you, names
                 of objects, and texts
tables/*.csv     the same tables, for spreadsheets
objects.csv      names of the objects of your recordings
audio/           your recordings as your phone sent them, a folder for each talk, a file for each
                 part. The talks of others in which you spoke are theirs.
clips/           a few seconds of each voice that is yours, whoever recorded it

Columns are explained in docs/data-dictionary.md. Rows and columns that are about other people alone
are left out.
"""


class LineRow(TypedRow, frozen=True):
    """A row of any table, as one line of JSON."""

    line: str


class SessionIdRow(TypedRow, frozen=True):
    """A session that the person recorded."""

    session_id: SessionId


class ClipKeyRow(TypedRow, frozen=True):
    """Fields of the key of a clip."""

    session_id: SessionId
    speaker: SpeakerLabel
    ordinal: int
    generation: int

    def key(self) -> str:
        """The key of the object."""
        return CLIP.key(
            session_id=self.session_id,
            speaker=self.speaker,
            ordinal=self.ordinal,
            generation=self.generation,
        )


class MyData:
    """TransientError when the warehouse or the store is away."""

    def __init__(self, warehouse: Queries, objects: KeptObjects) -> None:
        self._warehouse = warehouse
        self._objects = objects
        self._lock = threading.Lock()
        self._making: set[UserId] = set()
        self._open = WeakValueDictionary[UserId, Generator[bytes]]()

    def file(self, user: UserId) -> Generator[bytes]:
        """The ZIP in pieces. BusyError when too many are begun, or this person has one open.

        Tables are there when it returns. Objects are listed, and texts and audio are read, while
        the pieces are taken, an object at a time: each talk is asked for by itself. The file is
        open until all of it is taken, or nobody holds it any more.
        """
        with self._turn(user):
            archive = Archive()
            tables = self._tables(archive, user)
            pieces = self._pieces(archive, tables, _begun(self._keys(user)), [*self._clips(user)])
            self._open[user] = pieces
        return pieces

    @contextmanager
    def _turn(self, user: UserId) -> Iterator[None]:
        with self._lock:
            if self._has_one(user) or len(self._making) >= AT_A_TIME:
                raise BusyError("other files are being made")
            self._making.add(user)
        try:
            yield
        finally:
            with self._lock:
                self._making.remove(user)

    def _has_one(self, user: UserId) -> bool:
        """Whether a file of the person is being made or taken: what waits in it is in memory."""
        taken = self._open.get(user)
        is_open = taken is not None and getgeneratorstate(taken) != GEN_CLOSED
        return is_open or user in self._making

    def _pieces(
        self,
        archive: Archive,
        tables: Mapping[str, Sequence[str]],
        listed: Iterator[str],
        clips: Sequence[str],
    ) -> Generator[bytes]:
        with closing(archive):
            keys: list[str] = []
            yield from archive.text_in_parts("objects.csv", _noted(listed, keys))
            whole = document(tables, keys, self._texts(keys))
            yield from archive.text_in_parts("my-data.json", whole)
            sounds = [*_of_form(keys, ObjectForm.RECORDING), *clips]
            for key, body, content_type in self._there(sounds):
                archive.sound(key + ending(key, content_type), body)
                yield from archive.pieces()
            yield from archive.end()

    def _tables(self, archive: Archive, user: UserId) -> Mapping[str, Sequence[str]]:
        """Write them for spreadsheets, and return the lines of each."""
        tables: dict[str, list[str]] = {}
        for name, held in _held():
            tables[name] = self._lines(name, held, user)
        archive.text("README.txt", README)
        for name, lines in tables.items():
            archive.text(f"tables/{name}.csv", MARK + as_csv(lines))
        return tables

    def _clips(self, user: UserId) -> Iterator[str]:
        """Keys of the clips of voices that are the person's."""
        for row in self._warehouse.query(OWN_CLIPS, {"user": user}, row=ClipKeyRow):
            yield row.key()

    def _lines(self, table: str, held: Held, user: UserId) -> list[str]:
        rows = self._warehouse.query(held.sql(table), {"user": user}, row=LineRow)
        return [row.line.strip() for row in rows]

    def _keys(self, user: UserId) -> Iterator[str]:
        """Keys of all objects of the sessions that the person recorded."""
        rows = self._warehouse.query(SESSIONS, {"user": user}, row=SessionIdRow)
        for row in rows:
            roots = dict.fromkeys(kind.root(row.session_id) for kind in OBJECTS)
            for root in roots:
                yield from self._objects.keys(root)

    def _texts(self, keys: Sequence[str]) -> Iterator[tuple[str, object]]:
        for key, body, _ in self._there(_of_form(keys, ObjectForm.TEXT)):
            yield key, text_of(body)

    def _there(self, keys: Iterable[str]) -> Iterator[tuple[str, bytes, str]]:
        """Key, bytes and content type of each object that was not removed meanwhile."""
        for key in keys:
            try:
                body, content_type = self._objects.whole(key)
            except Rejected:
                continue
            yield key, body, content_type


def _begun(keys: Iterator[str]) -> Iterator[str]:
    """The same, with the first one read: that the store is away is told before the file begins."""
    return chain(list(islice(keys, 1)), keys)


def _noted(listed: Iterator[str], keys: list[str]) -> Iterator[str]:
    """A table of the keys in parts. Each is added to `keys`. Their signs need no quotes."""
    yield f"{MARK}key\r\n"
    for key in listed:
        keys.append(key)
        yield f"{key}\r\n"


def _of_form(keys: Sequence[str], form: ObjectForm) -> Iterator[str]:
    """Those of the keys whose objects are in the file in that way."""
    for key in keys:
        kind = kind_of(key)
        if kind is not None and form_of(kind) is form:
            yield key


def text_of(body: bytes) -> object:
    """Pure: a document, or text of what is none: it is held all the same."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode(errors="replace")


def ending(key: str, content_type: str) -> str:
    """Pure: the ending that a file of this type has, for players; none for one that has one."""
    if "." in key.rpartition("/")[2]:
        return ""
    kind = media_type(content_type)
    return ENDINGS.get(kind) or mimetypes.guess_extension(kind) or ""


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
    if isinstance(value, str) and value.startswith(FORMULAS):
        return f"'{value}"
    return value
