"""A chunk's body: streamed, limited, hashed while it comes, and compared with what the phone says it is."""

import base64
import hashlib
from dataclasses import dataclass

import http_sf
from fastapi import Request

from adapters.http.problems import Refusal
from producers.gateway.containers import container

MOST_BYTES = 8 << 20
MOST_DURATION_MS = 120_000


@dataclass(frozen=True)
class Body:
    """A whole upload and its sha256, lower-case hexadecimal."""

    content: bytes
    sha256: str


async def receive(request: Request) -> Body:
    """Raises Refusal: 411 no length, 413 too large, 400 damaged on the way, 415 not audio, 422 empty or no digest."""
    declared = _length(request)
    wanted = _digest(request)
    digest, parts, size = hashlib.sha256(), [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise _too_large()
        digest.update(part)
        parts.append(part)
    content = b"".join(parts)
    if size != declared or digest.digest() != wanted:
        raise Refusal(
            400,
            "digest-mismatch",
            "Damaged on the way",
            "The bytes are not those that Content-Digest names: send them again.",
            retryable=True,
        )
    if container(content[:64]) is None:
        raise Refusal(
            415,
            "not-audio",
            "Not audio",
            "The bytes are not audio of a kind that phones record (m4a, webm, ogg, flac, wav, 3gp, caf).",
        )
    return Body(content, digest.hexdigest())


def _length(request: Request) -> int:
    declared = request.headers.get("Content-Length", "")
    if not declared.isdigit():
        raise Refusal(411, "length-required", "Length required", "Send Content-Length.")
    if int(declared) > MOST_BYTES:
        raise _too_large()
    if int(declared) == 0:
        raise Refusal(422, "empty-chunk", "Empty chunk", "The chunk has no bytes.")
    return int(declared)


def _too_large() -> Refusal:
    return Refusal(
        413,
        "chunk-too-large",
        "Chunk too large",
        f"A chunk has at most {MOST_BYTES} bytes: record shorter chunks.",
    )


def _digest(request: Request) -> bytes:
    header = request.headers.get("Content-Digest", "")
    try:
        fields = http_sf.parse(header.encode(), tltype="dictionary")
        found = fields["sha-256"][0]  # type: ignore[index,call-overload]
    except (ValueError, KeyError, TypeError, http_sf.StructuredFieldError):
        found = None
    if not isinstance(found, bytes) or len(found) != 32:
        example = base64.b64encode(bytes(32)).decode()
        raise Refusal(
            422,
            "digest-required",
            "Digest required",
            f"Send Content-Digest: sha-256=:{example}: with the sha256 of the body.",
        )
    return found


def number(request: Request, header: str, least: int, most: int) -> int:
    """A header that is a whole number within limits; Refusal 422 otherwise."""
    text = request.headers.get(header, "")
    if not text.isascii() or not text.isdigit() or not least <= int(text[:18]) <= most:
        raise Refusal(
            422,
            "bad-number",
            "Bad number",
            f"{header} must be a whole number from {least} to {most}.",
        )
    return int(text)
