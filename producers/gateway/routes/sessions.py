"""Sessions and their chunks: the calls of a phone while it records."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from adapters.http.fields import within
from adapters.http.paths import SessionPath
from adapters.http.problems import Responses, documented, not_found
from adapters.http.rates import rates_of
from adapters.http.tokens import Upload
from adapters.process.metrics import UPLOAD_SECONDS
from producers.gateway.answer_models import ChunkListing, Receipt, SessionEnd, SessionStart, Spans
from producers.gateway.caller_first import CallerFirst
from producers.gateway.chunk_request import declared_bytes, parse_headers, receive_body
from producers.gateway.dependencies import (
    CurrentUpload,
    CurrentUser,
    Provided,
    reject_erased,
)
from producers.gateway.directory import Directory
from producers.gateway.request_models import CompleteBody, StartBody
from schemas.ids import UserId
from schemas.limits import (
    CHUNK_BYTES,
    CHUNK_DURATION_MS,
    CHUNK_NUMBER,
    CHUNK_START_MS,
    Limit,
)
from schemas.ranges import Ranges, missing
from schemas.session_rows import SessionListing

CHUNK: Responses = {
    200: {"model": Receipt, "description": "These bytes were here already; the same receipt"},
    **documented(400, 409, 410, 411, 413, 415),
}


def _header(name: str, limit: Limit) -> dict[str, object]:
    schema = {"type": "integer", "minimum": limit.least, "maximum": limit.most}
    return {"name": name, "in": "header", "required": True, "schema": schema}


AUDIO = {
    "parameters": [
        _header("Lah-Start-Ms", CHUNK_START_MS),
        _header("Lah-Duration-Ms", CHUNK_DURATION_MS),
        {
            "name": "Content-Digest",
            "in": "header",
            "required": True,
            "description": "sha-256 of the body (RFC 9530)",
            "schema": {"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"},
        },
    ],
    "requestBody": {
        "required": True,
        "description": f"An audio file, {CHUNK_BYTES}",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
}
BODY_SECONDS = UPLOAD_SECONDS.labels("body")
router = APIRouter(route_class=CallerFirst, prefix="/v1/sessions", tags=["sessions"])


@router.put("/{session_id}", status_code=201, responses=documented(410))
async def start(
    session_id: SessionPath,
    body: StartBody,
    user: CurrentUser,
    request: Request,
    services: Provided,
) -> SessionStart:
    """Start a session; the same id again is the same session.

    A phone goes on with a session of its owner whatever became of the group since. The fold decides
    whose a new session is: it is waited for a moment.
    """
    directory = services.directory
    listing = directory.listing(session_id)
    _reject_others(listing, user)
    reject_erased(listing)
    if listing is None and body.group_id and not directory.is_in(user, body.group_id):
        raise not_found("group")
    if listing is None and not directory.has_begun(session_id, user):
        rates_of(request).begin(user)
    lexicon = _lexicon(directory, listing, body)
    started = await services.ingest.start(session_id, user, body, directory.keep_days(user))
    directory.note_begun(session_id, user)
    if listing is None:
        # Another gateway may have begun it for somebody else a moment before: the fold decides.
        _reject_others(await directory.listed(session_id), user)
    if lexicon is not None:
        await services.ingest.count_by(session_id, lexicon)
    token = services.uploads.sign(Upload(session_id, user))
    return SessionStart(
        session_id=session_id, upload_token=token, clock_corrected=started.clock_corrected
    )


@router.put("/{session_id}/chunks/{seq}", status_code=201, responses=CHUNK, openapi_extra=AUDIO)
async def chunk(
    session_id: SessionPath,
    seq: Annotated[int, within(CHUNK_NUMBER)],
    upload: CurrentUpload,
    request: Request,
    response: Response,
    services: Provided,
) -> Receipt:
    """Take one chunk: 201 for new bytes, 200 for those that are here; both with a receipt."""
    _reject_late(services.directory.listing(session_id), upload)
    headers = parse_headers(request, seq)
    size = declared_bytes(request)
    with services.held.holding(upload.owner, size) as came:
        with BODY_SECONDS.time():
            body = await receive_body(request, size, came)
        audio = await services.audio.measured(upload.owner, headers, body)
        is_new = await services.chunks.take(upload, audio, body)
    services.directory.note_begun(session_id, upload.owner)
    response.status_code = 201 if is_new else 200
    return Receipt(
        session_id=session_id,
        seq=seq,
        sha256=body.sha256,
        bytes=size,
        duration_ms=audio.duration_ms,
    )


@router.get("/{session_id}/chunks", responses=documented(410))
async def chunks(
    session_id: SessionPath, upload: CurrentUpload, services: Provided
) -> ChunkListing:
    """The chunks that the log has, and those that are missing."""
    listing = services.directory.listing(session_id)
    if listing is None or listing.owner != upload.owner:
        raise not_found()
    reject_erased(listing)
    return ChunkListing(
        received=_spans(listing.received),
        missing=_spans(missing(listing.received, 0, _end(listing))),
        conflicts=list(listing.conflicts),
        expected=listing.expected,
        state=listing.state,
    )


@router.post("/{session_id}/complete", status_code=202, responses=documented(410))
async def complete(
    session_id: SessionPath, body: CompleteBody, upload: CurrentUpload, services: Provided
) -> SessionEnd:
    """The phone is done."""
    _reject_late(services.directory.listing(session_id), upload)
    await services.ingest.complete(upload, body.chunks)
    return SessionEnd(session_id=session_id, chunks=body.chunks)


def _reject_others(listing: SessionListing | None, user: UserId) -> None:
    """Raises HttpProblem 404 when the session is somebody else's."""
    if listing is not None and listing.owner != user:
        raise not_found()


def _reject_late(listing: SessionListing | None, upload: Upload) -> None:
    """The same for who has an upload token; 410 when the session was erased since."""
    reject_erased(listing)
    _reject_others(listing, upload.owner)


def _lexicon(directory: Directory, listing: SessionListing | None, body: StartBody) -> str | None:
    """The lexicon of the session's group; None once a generation was counted by one."""
    if listing is None:
        return directory.lexicon_of(body.group_id)
    return None if listing.generation else directory.lexicon_of(listing.group_id)


def _end(listing: SessionListing) -> int:
    """The number after the last chunk that is expected, or that came."""
    if listing.expected is not None:
        return listing.expected
    return max((end for _, end in listing.received), default=0)


def _spans(ranges: Ranges) -> Spans:
    """Half-open ranges with both ends included."""
    return [(first, end - 1) for first, end in ranges]
