"""A chunk as it comes: its headers, and its body, limited while it is received."""

import base64
import hashlib
from dataclasses import dataclass

import http_sf
from fastapi import Request

from adapters.http.problems import HttpProblem
from producers.gateway.containers import detect_container

MOST_BYTES = 8 << 20
MOST_DURATION_MS = 120_000
MOST_START_MS = 12 * 3600 * 1000
MOST_SEQ = 4_999
SHA256_BYTES = 32
HEAD_BYTES = 64
"""Bytes that `detect_container` reads."""


@dataclass(frozen=True)
class ChunkHeaders:
    """The chunk's number, its place on the timeline, and its media type."""

    seq: int
    start_ms: int
    duration_ms: int
    content_type: str


@dataclass(frozen=True)
class ChunkBody:
    """A whole upload and the sha256 that the phone named, lower-case hexadecimal."""

    content: bytes
    sha256: str


def parse_headers(request: Request, seq: int) -> ChunkHeaders:
    """Raises HttpProblem 422 for a number that is missing or out of its limits."""
    if not 0 <= seq <= MOST_SEQ:
        raise HttpProblem(422, "bad-number", "Bad number", f"A session has chunks 0 to {MOST_SEQ}.")
    return ChunkHeaders(
        seq=seq,
        start_ms=_number(request, "Lah-Start-Ms", 0, MOST_START_MS),
        duration_ms=_number(request, "Lah-Duration-Ms", 1, MOST_DURATION_MS),
        content_type=request.headers.get("Content-Type", "application/octet-stream")[:100],
    )


async def receive_body(request: Request) -> ChunkBody:
    """The body, once it is whole and looks like audio. Its digest is the one that the phone named.

    The store computes the digest of what it is given, and refuses other bytes: to compute it here
    as well was a seventh of the gateway's work.
    Raises HttpProblem: 411 no length, 413 too large, 400 damaged on the way, 415 not audio,
    422 empty or no digest.
    """
    declared = _length(request)
    wanted = _digest(request)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise _too_large()
        parts.append(part)
    if size != declared:
        raise damaged()
    content = b"".join(parts)
    if detect_container(content[:HEAD_BYTES]) is None:
        # A damaged head is worth another try, and bytes that never were audio are not.
        raise _not_audio() if hashlib.sha256(content).digest() == wanted else damaged()
    return ChunkBody(content, wanted.hex())


def _length(request: Request) -> int:
    declared = request.headers.get("Content-Length", "")
    if not declared.isdigit():
        raise HttpProblem(411, "length-required", "Length required", "Send Content-Length.")
    if int(declared) > MOST_BYTES:
        raise _too_large()
    if int(declared) == 0:
        raise HttpProblem(422, "empty-chunk", "Empty chunk", "The chunk has no bytes.")
    return int(declared)


def _digest(request: Request) -> bytes:
    """The sha256 of the header Content-Digest (RFC 9530)."""
    header = request.headers.get("Content-Digest", "")
    try:
        fields = http_sf.parse(header.encode(), tltype="dictionary")
        digest = fields["sha-256"][0]  # type: ignore[index,call-overload]
    except (ValueError, KeyError, TypeError, http_sf.StructuredFieldError):
        raise _digest_required() from None
    if not isinstance(digest, bytes) or len(digest) != SHA256_BYTES:
        raise _digest_required()
    return digest


def _number(request: Request, header: str, least: int, most: int) -> int:
    """A header that is a whole number within limits. HttpProblem 422 otherwise."""
    text = request.headers.get(header, "")
    if not text.isascii() or not text.isdigit() or not least <= int(text[:18]) <= most:
        raise HttpProblem(
            422,
            "bad-number",
            "Bad number",
            f"{header} must be a whole number from {least} to {most}.",
        )
    return int(text)


def _too_large() -> HttpProblem:
    return HttpProblem(
        413,
        "chunk-too-large",
        "Chunk too large",
        f"A chunk has at most {MOST_BYTES} bytes: record shorter chunks.",
    )


def damaged() -> HttpProblem:
    """400: the bytes are not those that the phone meant. The only 4xx that is worth a retry."""
    return HttpProblem(
        400,
        "digest-mismatch",
        "Damaged on the way",
        "The bytes are not those that Content-Digest names: send them again.",
        retryable=True,
    )


def _not_audio() -> HttpProblem:
    return HttpProblem(
        415,
        "not-audio",
        "Not audio",
        "The bytes are not audio of a kind that phones record "
        "(m4a, webm, ogg, flac, wav, 3gp, caf).",
    )


def _digest_required() -> HttpProblem:
    example = base64.b64encode(bytes(32)).decode()
    return HttpProblem(
        422,
        "digest-required",
        "Digest required",
        f"Send Content-Digest: sha-256=:{example}: with the sha256 of the body.",
    )
