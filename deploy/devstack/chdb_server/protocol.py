"""The parts of a request: its statement, format, settings and parameters."""

import email
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

RESERVED = set(
    (
        "add_http_cors_header buffer_size cancel_http_readonly_queries_on_client_close "
        "client_protocol_version compress database decompress default_format "
        "enable_http_compression http_headers_progress_interval_ms "
        "http_write_exception_in_output_format password query query_id quota_key role "
        "send_progress_in_http_headers session_check session_id session_timeout user "
        "wait_end_of_query"
    ).split()
)
"""Parameters of the HTTP protocol itself; every other one is a setting of the query."""
STREAMABLE = {"Native", "TabSeparated", "TSV", "CSV", "RowBinary", "JSONEachRow"}
_GAP = rb"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*"
_READ = re.compile(
    _GAP + rb"\(?\s*(?:SELECT|WITH|SHOW|DESC|DESCRIBE|EXISTS|EXPLAIN)\b", re.IGNORECASE | re.DOTALL
)
_STATE = re.compile(
    _GAP + rb"(?:SET|USE|CREATE\s+(?:OR\s+REPLACE\s+)?TEMPORARY|BEGIN)\b", re.IGNORECASE | re.DOTALL
)
_FORMAT = re.compile(rb"\bFORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)
_INSERT = re.compile(
    _GAP + rb"INSERT\s+INTO\b(?:(?!\bSELECT\b).)*?\bFORMAT\s+(\w+)(?:[ \t]*\r?\n|[ \t]+|$)",
    re.IGNORECASE | re.DOTALL,
)
_HEAD_BYTES = 65_536


@dataclass(frozen=True)
class Insert:
    """An INSERT with inline data: `into` has no FORMAT clause, `rows` are the bytes after it."""

    into: str
    format: str
    rows: bytes


@dataclass(frozen=True)
class Request:
    """One statement, ready to run. `files` are external tables: name -> bytes."""

    sql: bytes
    format: str
    is_read: bool
    leaves_state: bool
    streams: bool
    insert: Insert | None
    settings: Mapping[str, str]
    bound: Mapping[str, str]
    params: Mapping[str, str]
    files: Mapping[str, bytes]


def parse(params: dict[str, str], body: bytes, content_type: str, default_format: str) -> Request:
    """Pure. `body` is already decompressed; forms are unpacked here."""
    params = dict(params)
    files: dict[str, bytes] = {}
    sql = _statement(params, body, content_type, files)
    head = sql[:_HEAD_BYTES]
    is_read = _READ.match(head) is not None
    fmt = params.get("default_format") or default_format
    if is_read and (found := _FORMAT.search(sql)):
        fmt = found.group(1).decode()
        sql = sql[: found.start()]
    return Request(
        sql=sql,
        format=fmt,
        is_read=is_read,
        leaves_state=_STATE.match(head) is not None,
        streams=is_read and fmt in STREAMABLE and params.get("wait_end_of_query") != "1",
        insert=_insert(sql, head),
        settings=_settings(params, files),
        bound={name[6:]: value for name, value in params.items() if name.startswith("param_")},
        params=params,
        files=files,
    )


def _statement(
    params: dict[str, str],
    body: bytes,
    content_type: str,
    files: dict[str, bytes],
) -> bytes:
    """The statement of the parameter and of the body. A form goes into `params` and `files`."""
    is_form = content_type.startswith("application/x-www-form")
    if content_type.startswith("multipart/"):
        body = _multipart(content_type, body, params, files)
    elif is_form and "query" not in params and b"query=" in body[:4096]:
        params.update(parse_qsl(body.decode()))
        body = b""
    query = params.get("query", "").encode()
    if query and body:
        return query + b"\n" + body
    return query or body


def _insert(sql: bytes, head: bytes) -> Insert | None:
    found = _INSERT.match(head)
    if found is None or len(sql) <= found.end():
        return None
    into = re.sub(rb"\bFORMAT\s+\w+\s*$", b"", found.group(0), flags=re.IGNORECASE).decode()
    return Insert(into, found.group(1).decode(), sql[found.end() :])


def _settings(params: Mapping[str, str], files: Mapping[str, bytes]) -> dict[str, str]:
    external = {f"{name}_{suffix}" for name in files for suffix in ("structure", "format", "types")}
    skipped = RESERVED | external
    settings: dict[str, str] = {}
    for name, value in params.items():
        is_setting = name not in skipped and not name.startswith("param_")
        if is_setting and value:
            settings[name] = value
    return settings


def _multipart(
    content_type: str, body: bytes, params: dict[str, str], files: dict[str, bytes]
) -> bytes:
    message = email.message_from_bytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )
    for part in message.walk():
        if part.is_multipart():
            continue
        name = str(part.get_param("name", header="content-disposition"))
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        if part.get_filename():
            files[name] = content
        else:
            params[name] = content.decode()
    return b""
