"""The write side's routes (contracts, section 1). Every route is authorised; what one may not know of is 404."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, Header, Request, Response
from starlette.concurrency import run_in_threadpool

from adapters import metrics, problems
from adapters.problems import Refusal, not_found
from adapters.tokens import Upload, UploadTokens, UserTokens
from producers.gateway.bodies import MOST_DURATION_MS, number, receive
from producers.gateway.directory import Decision, Directory
from producers.gateway.requests import ClaimBody, CompleteBody, HintBody, StartBody
from producers.gateway.writing import ChunkClaim, Writer
from schemas.claim_events import ClaimRejected, SpeakerClaimed, SpeakerReleased
from schemas.ids import UserId
from schemas.ranges import missing
from schemas.session_events import RequestRejected, SessionListing, State

ANSWER_WAIT_S = 5.0
MOST_SEQ, MOST_START_MS = 4_999, 12 * 3600 * 1000
RequestId = Annotated[UUID | None, Header(alias="Idempotency-Key")]


@dataclass(frozen=True)
class Parts:
    """What the routes work with."""

    writer: Writer
    directory: Directory
    users: UserTokens
    uploads: UploadTokens


def build(parts: Parts) -> FastAPI:
    """The application; nothing is started."""
    app = FastAPI(title="Lahstats write side", version="1", docs_url=None, redoc_url=None)
    problems.install(app)
    _starting(app, parts)
    _uploading(app, parts)
    _finishing(app, parts)
    _decisions(app, parts)
    return app


def _starting(app: FastAPI, parts: Parts) -> None:
    @app.put("/v1/sessions/{session_id}", status_code=201)
    def start(session_id: UUID, body: StartBody, user: Annotated[UserId, Depends(parts.users.user)]) -> dict[str, Any]:
        """Start a session; the same id again is the same session."""
        listing = parts.directory.listing(str(session_id))
        if listing is not None and listing.owner != user:
            raise not_found()
        _refuse_erased(listing)
        parts.writer.start(str(session_id), user, body, parts.directory.lexicon_of(body.group_id))
        return {"session_id": str(session_id), "upload_token": parts.uploads.sign(Upload(str(session_id), user))}


def _uploading(app: FastAPI, parts: Parts) -> None:
    @app.put("/v1/sessions/{session_id}/chunks/{seq}", status_code=201)
    async def chunk(session_id: UUID, seq: int, request: Request, response: Response) -> dict[str, Any]:
        """Take one chunk: 201 for new bytes, 200 for those that are here; both with a receipt."""
        upload = parts.uploads.check(request, str(session_id))
        _refuse_erased(parts.directory.listing(str(session_id)))
        if not 0 <= seq <= MOST_SEQ:
            raise Refusal(422, "bad-number", "Bad number", f"A session has chunks 0 to {MOST_SEQ}.")
        start_ms = number(request, "Lah-Start-Ms", 0, MOST_START_MS)
        duration_ms = number(request, "Lah-Duration-Ms", 1, MOST_DURATION_MS)
        body = await receive(request)
        content_type = request.headers.get("Content-Type", "application/octet-stream")[:100]
        claim = ChunkClaim(seq, start_ms, duration_ms, content_type)
        new = await run_in_threadpool(parts.writer.chunk, upload, claim, body)
        response.status_code = 201 if new else 200
        metrics.CHUNKS_ANSWERED.labels(str(response.status_code)).inc()
        return {"session_id": str(session_id), "seq": seq, "sha256": body.sha256, "bytes": len(body.content)}


def _finishing(app: FastAPI, parts: Parts) -> None:
    @app.get("/v1/sessions/{session_id}/chunks")
    def chunks(session_id: UUID, request: Request) -> dict[str, Any]:
        """What the log has."""
        upload = parts.uploads.check(request, str(session_id))
        listing = parts.directory.listing(str(session_id))
        if listing is None or listing.owner != upload.owner:
            raise not_found()
        _refuse_erased(listing)
        end = listing.expected if listing.expected is not None else max((b for _, b in listing.received), default=0)
        return {
            "received": [[a, b - 1] for a, b in listing.received],
            "missing": [[a, b - 1] for a, b in missing(listing.received, 0, end)],
            "conflicts": list(listing.conflicts),
            "expected": listing.expected,
            "state": listing.state,
        }

    @app.post("/v1/sessions/{session_id}/complete", status_code=202)
    def complete(session_id: UUID, body: CompleteBody, request: Request) -> dict[str, Any]:
        """The phone is done."""
        upload = parts.uploads.check(request, str(session_id))
        _refuse_erased(parts.directory.listing(str(session_id)))
        parts.writer.complete(upload, body.chunks)
        return {"session_id": str(session_id), "chunks": body.chunks}


def _decisions(app: FastAPI, parts: Parts) -> None:
    user_of = Annotated[UserId, Depends(parts.users.user)]

    @app.post("/v1/sessions/{session_id}/claims")
    def claim(session_id: UUID, body: ClaimBody, user: user_of, response: Response, key: RequestId = None) -> dict[str, Any]:
        """Say whose voice a speaker is."""
        return _decided(parts, session_id, user, key, response, lambda request: parts.writer.claim(str(session_id), user, request, body))

    @app.delete("/v1/sessions/{session_id}/claims/{speaker}")
    def release(session_id: UUID, speaker: str, user: user_of, response: Response, key: RequestId = None) -> dict[str, Any]:
        """Take a claim back."""
        return _decided(parts, session_id, user, key, response, lambda request: parts.writer.release(str(session_id), user, request, speaker))

    @app.post("/v1/sessions/{session_id}/hints")
    def hint(session_id: UUID, body: HintBody, user: user_of, response: Response, key: RequestId = None) -> dict[str, Any]:
        """Say how many people were there."""
        return _decided(parts, session_id, user, key, response, lambda request: parts.writer.hint(str(session_id), user, request, body.speakers))


def _refuse_erased(listing: SessionListing | None) -> None:
    if listing is not None and listing.state is State.ERASED:
        raise Refusal(410, "erased", "Erased", "This session was erased.")


def _member(directory: Directory, session_id: UUID, user: UserId) -> None:
    listing = directory.listing(str(session_id))
    if listing is None or listing.owner != user:
        raise not_found()
    _refuse_erased(listing)


def _decided(parts: Parts, session_id: UUID, user: UserId, key: UUID | None, response: Response, ask: Callable[[UUID], None]) -> dict[str, Any]:
    """Only members may ask; the one writer decides, and its decision is the answer."""
    _member(parts.directory, session_id, user)
    request_id = key or uuid4()
    ask(request_id)
    return _answer(parts.directory, request_id, response)


def _answer(directory: Directory, request_id: UUID, response: Response) -> dict[str, Any]:
    decision = directory.await_decision(str(request_id), ANSWER_WAIT_S)
    if decision is None:
        response.status_code = 202
        return {"request_id": str(request_id), "outcome": "pending", "see": f"/v1/requests/{request_id}"}
    if isinstance(decision, ClaimRejected | RequestRejected):
        raise _refused(decision.reason)
    return {"request_id": str(request_id), **_said(decision)}


def _said(decision: Decision) -> dict[str, Any]:
    match decision:
        case SpeakerClaimed():
            return {"outcome": "claimed", "speaker": decision.speaker, "kind": decision.kind, "unclaimed": decision.unclaimed}
        case SpeakerReleased():
            return {"outcome": "released", "speaker": decision.speaker, "unclaimed": decision.unclaimed}
        case _:
            return {"outcome": "accepted"}


REFUSALS = {
    "no_such_speaker": (404, "This session has no such speaker."),
    "already_claimed": (409, "Somebody else claimed this speaker; ask for a release first."),
    "not_claimed": (409, "Nobody claimed this speaker."),
    "not_ready": (409, "The speakers are not known yet: wait until the session is ready."),
    "not_yours": (404, "There is no such claim, or it is not yours."),
}


def _refused(reason: str) -> Refusal:
    status, detail = REFUSALS.get(reason, (409, "The request was refused."))
    return Refusal(status, reason.replace("_", "-"), "Refused", detail)
