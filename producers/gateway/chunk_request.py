"""A chunk as it comes: its headers, and its body, limited while it is received."""

import base64
from dataclasses import dataclass

import http_sf
from fastapi import Request

from adapters.http.bodies import NUMBER, Came, too_large, whole
from adapters.http.problems import HttpProblem
from schemas.limits import (
    CHUNK_BYTES,
    CHUNK_DURATION_MS,
    CHUNK_START_MS,
    HOUR_MS,
    SESSION_MS,
    Limit,
)

SHA256_BYTES = 32


@dataclass(frozen=True)
class ChunkHeaders:
    """The chunk's number, and its place on the timeline as its phone declares it."""

    seq: int
    start_ms: int
    duration_ms: int


@dataclass(frozen=True)
class ChunkBody:
    """A whole upload and the sha256 that the phone named, lower-case hexadecimal."""

    content: bytes
    sha256: str


def parse_headers(request: Request, seq: int) -> ChunkHeaders:
    """Raises HttpProblem 422 for a number that is missing or out of its limits.

    Also for a chunk that ends after the longest session. Content-Type is not read: browsers,
    proxies and phones write what they like there, and the bytes say what they are.
    """
    start_ms = _number(request, "Lah-Start-Ms", CHUNK_START_MS)
    duration_ms = _number(request, "Lah-Duration-Ms", CHUNK_DURATION_MS)
    if not SESSION_MS.holds(start_ms + duration_ms):
        raise beyond_session()
    return ChunkHeaders(seq, start_ms, duration_ms)


async def receive_body(request: Request, declared: int, came: Came) -> ChunkBody:
    """The body of `declared` bytes, once it is whole. Its digest is the one that the phone named.

    `came` is told how many bytes came, again and again, and may raise.

    The store computes the digest of what it is given, and refuses other bytes: to compute it here
    as well was a seventh of the gateway's work.
    Raises HttpProblem: 413 too large, 408 too slow, 400 damaged on the way, 422 no digest.
    """
    wanted = _digest(request)
    content = await whole(request, CHUNK_BYTES.most, came)
    if len(content) != declared:
        raise damaged()
    return ChunkBody(content, wanted.hex())


def declared_bytes(request: Request) -> int:
    """The length of the body, by its header.

    Raises HttpProblem: 411 no length, 413 too large, 422 empty.
    """
    declared = request.headers.get("Content-Length", "")
    if not NUMBER.fullmatch(declared):
        raise HttpProblem(411, "length-required", "Length required", "Send Content-Length.")
    length = int(declared)
    if length > CHUNK_BYTES.most:
        raise too_large(CHUNK_BYTES.most)
    if length < CHUNK_BYTES.least:
        raise HttpProblem(422, "empty-chunk", "Empty chunk", "The chunk has no bytes.")
    return length


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


def _number(request: Request, header: str, limit: Limit) -> int:
    """A header that is a whole number within limits. HttpProblem 422 otherwise."""
    text = request.headers.get(header, "")
    if not NUMBER.fullmatch(text) or not limit.holds(int(text)):
        detail = f"{header} must be a whole number, {limit}."
        raise HttpProblem(422, "bad-number", "Bad number", detail)
    return int(text)


def beyond_session() -> HttpProblem:
    """422: nothing of this chunk would be counted."""
    hours = SESSION_MS.most // HOUR_MS
    return HttpProblem(
        422,
        "beyond-session",
        "Beyond the session",
        f"Lah-Start-Ms and Lah-Duration-Ms end after the {hours} h that a session may have: "
        "nothing of this chunk would be counted. Start a new session.",
    )


def damaged() -> HttpProblem:
    """400: the bytes are not those that the phone meant. It is worth a retry."""
    return HttpProblem(
        400,
        "digest-mismatch",
        "Damaged on the way",
        "The bytes are not those that Content-Digest names: send them again.",
        retryable=True,
    )


def _digest_required() -> HttpProblem:
    example = base64.b64encode(bytes(32)).decode()
    return HttpProblem(
        422,
        "digest-required",
        "Digest required",
        f"Send Content-Digest: sha-256=:{example}: with the sha256 of the body.",
    )
