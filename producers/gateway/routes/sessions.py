"""Sessions and their chunks: what a phone calls while it records."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from adapters.http.problems import Refusal, documented, not_found
from adapters.http.tokens import Upload
from adapters.process import metrics
from producers.gateway.chunk_request import MOST_DURATION_MS, number, receive
from producers.gateway.ingest import ChunkHeaders
from producers.gateway.request_models import CompleteBody, StartBody
from producers.gateway.responses import Parts, refuse_erased
from schemas.ids import SessionId, UserId
from schemas.ranges import missing

CHUNK: dict[int | str, dict[str, Any]] = {
    200: {"description": "These bytes were here already; the same receipt"},
    **documented(400, 409, 410, 411, 413, 415),
}
AUDIO = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
MOST_SEQ, MOST_START_MS = 4_999, 12 * 3600 * 1000


def router(parts: Parts) -> APIRouter:
    """Start, upload, finish."""
    found = APIRouter(prefix="/v1/sessions", tags=["sessions"])
    _starting(found, parts)
    _uploading(found, parts)
    _finishing(found, parts)
    return found


def _starting(app: APIRouter, parts: Parts) -> None:
    @app.put("/{session_id}", status_code=201, responses=documented(410))
    def start(
        session_id: UUID, body: StartBody, user: Annotated[UserId, Depends(parts.users.user)]
    ) -> dict[str, Any]:
        """Start a session; the same id again is the same session."""
        listing = parts.directory.listing(str(session_id))
        if listing is not None and listing.owner != user:
            raise not_found()
        refuse_erased(listing)
        if body.group_id is not None and not parts.directory.is_in(user, body.group_id):
            raise not_found("group")
        parts.writer.start(str(session_id), user, body, parts.directory.lexicon_of(body.group_id))
        return {
            "session_id": str(session_id),
            "upload_token": parts.uploads.sign(Upload(SessionId(str(session_id)), user)),
        }


def _uploading(app: APIRouter, parts: Parts) -> None:
    @app.put("/{session_id}/chunks/{seq}", status_code=201, responses=CHUNK, openapi_extra=AUDIO)
    async def chunk(
        session_id: UUID, seq: int, request: Request, response: Response
    ) -> dict[str, Any]:
        """Take one chunk: 201 for new bytes, 200 for those that are here; both with a receipt."""
        upload = parts.uploads.check(request, SessionId(str(session_id)))
        refuse_erased(parts.directory.listing(str(session_id)))
        if not 0 <= seq <= MOST_SEQ:
            raise Refusal(422, "bad-number", "Bad number", f"A session has chunks 0 to {MOST_SEQ}.")
        start_ms = number(request, "Lah-Start-Ms", 0, MOST_START_MS)
        duration_ms = number(request, "Lah-Duration-Ms", 1, MOST_DURATION_MS)
        body = await receive(request)
        content_type = request.headers.get("Content-Type", "application/octet-stream")[:100]
        claim = ChunkHeaders(seq, start_ms, duration_ms, content_type)
        new = await run_in_threadpool(parts.writer.chunk, upload, claim, body)
        response.status_code = 201 if new else 200
        metrics.CHUNKS_ANSWERED.labels(str(response.status_code)).inc()
        return {
            "session_id": str(session_id),
            "seq": seq,
            "sha256": body.sha256,
            "bytes": len(body.content),
        }


def _finishing(app: APIRouter, parts: Parts) -> None:
    @app.get("/{session_id}/chunks", responses=documented(410))
    def chunks(session_id: UUID, request: Request) -> dict[str, Any]:
        """What the log has."""
        upload = parts.uploads.check(request, SessionId(str(session_id)))
        listing = parts.directory.listing(str(session_id))
        if listing is None or listing.owner != upload.owner:
            raise not_found()
        refuse_erased(listing)
        end = (
            listing.expected
            if listing.expected is not None
            else max((b for _, b in listing.received), default=0)
        )
        return {
            "received": [[a, b - 1] for a, b in listing.received],
            "missing": [[a, b - 1] for a, b in missing(listing.received, 0, end)],
            "conflicts": list(listing.conflicts),
            "expected": listing.expected,
            "state": listing.state,
        }

    @app.post("/{session_id}/complete", status_code=202, responses=documented(410))
    def complete(session_id: UUID, body: CompleteBody, request: Request) -> dict[str, Any]:
        """The phone is done."""
        upload = parts.uploads.check(request, SessionId(str(session_id)))
        refuse_erased(parts.directory.listing(str(session_id)))
        parts.writer.complete(upload, body.chunks)
        return {"session_id": str(session_id), "chunks": body.chunks}
