"""Arguments of the routes: the services of this process, the caller, the caller's request.

The dependencies are coroutines although nothing in them waits: FastAPI would run plain functions
on a thread each.
"""

from dataclasses import dataclass
from typing import Annotated, cast
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, Header, Request

from adapters.http.bodies import whole
from adapters.http.paths import SessionPath
from adapters.http.problems import HttpProblem, not_found
from adapters.http.rates import rates_of
from adapters.http.tokens import Upload, UploadTokens, UserTokens
from adapters.http.turns import Turns
from producers.gateway.chunk_audio import AudioCheck
from producers.gateway.chunk_ingest import ChunkIngest
from producers.gateway.directory import Directory
from producers.gateway.held_uploads import HeldUploads
from producers.gateway.ingest import Ingest
from producers.gateway.invites import Invites
from producers.gateway.request_events import ClientRequest
from producers.gateway.request_keys import RequestKeys, fingerprint
from schemas.access import Act, may
from schemas.ids import SessionId, UserId
from schemas.limits import JSON_BYTES
from schemas.session_events import State
from schemas.session_rows import SessionListing


@dataclass(frozen=True)
class Services:
    """The services of a gateway; `main` makes them, every route may use them."""

    ingest: Ingest
    audio: AudioCheck
    chunks: ChunkIngest
    directory: Directory
    users: UserTokens
    uploads: UploadTokens
    invites: Invites
    keys: RequestKeys
    turns: Turns
    held: HeldUploads


def provide(app: FastAPI, services: Services) -> None:
    """Give the routes of `app` their services. Call it before the first request."""
    app.state.services = services


def services_of(request: Request) -> Services:
    """Those of the application that serves `request`."""
    return cast(Services, request.app.state.services)


async def _services(request: Request) -> Services:
    return services_of(request)


Provided = Annotated[Services, Depends(_services)]


async def caller_of(request: Request, services: Services) -> UserId:
    """The caller. HttpProblem 401. The token of a request is verified once, however often asked."""
    known: UserId | None = getattr(request.state, "caller", None)
    if known is None:
        known = request.state.caller = await services.users.user(request)
    return known


async def _user(request: Request, services: Provided) -> UserId:
    user = await caller_of(request, services)
    rates_of(request).user(user)
    return user


CurrentUser = Annotated[UserId, Depends(_user)]
"""The caller. HttpProblem 401."""


async def _begins(request: Request, user: CurrentUser) -> None:
    rates_of(request).begin(user)


Begins = Depends(_begins)
"""The request makes something that is listed for good. HttpProblem 429 for one too many."""


async def upload_of_request(request: Request, session_id: SessionPath) -> Upload:
    """The upload that the caller's upload token allows; counts it."""
    upload = services_of(request).uploads.check(request, session_id)
    rates_of(request).chunk(upload.owner)
    return upload


CurrentUpload = Annotated[Upload, Depends(upload_of_request)]
"""The upload that the caller's upload token allows. HttpProblem 401, or 404 for another session."""


async def _client_request(
    request: Request,
    services: Provided,
    user: CurrentUser,
    key: Annotated[UUID | None, Header(alias="Idempotency-Key")] = None,
) -> ClientRequest:
    request_id = str(key or uuid4())
    body = await whole(request, JSON_BYTES.most)  # also of a route that has no use for one
    asked = fingerprint(user, request.method, request.url.path, body)
    if services.keys.belongs_to_another(request_id, asked):
        raise key_reused()
    return ClientRequest(request_id, user, services.ingest.now_ms(), asked)


CurrentRequest = Annotated[ClientRequest, Depends(_client_request)]
"""The caller's request. Its id is the Idempotency-Key, so that a retry is the same request.

HttpProblem 409 when the key was used for another one.
"""


async def _member_request(
    services: Provided, session_id: SessionPath, request: CurrentRequest
) -> ClientRequest:
    if not may_change(services.directory, session_id, request.by):
        raise not_found()
    return request


MemberRequest = Annotated[ClientRequest, Depends(_member_request)]
"""The request of somebody who may change the session. HttpProblem 404 for everybody else."""


def key_reused() -> HttpProblem:
    """409: the key of this request was used for another one. Nothing was done."""
    return HttpProblem(
        409,
        "key-reused",
        "Key used before",
        "This Idempotency-Key belongs to another request: use a new key for each request.",
    )


def reject_erased(listing: SessionListing | None) -> None:
    """Raises HttpProblem 410 when the session was erased."""
    if listing is not None and listing.state is State.ERASED:
        raise HttpProblem(410, "erased", "Erased", "This session was erased.")


def may_change(directory: Directory, session_id: SessionId, user: UserId) -> bool:
    """Whether the caller may change the session.

    Raises HttpProblem: 404 when there is no such session, 410 when it was erased.
    """
    listing = directory.listing(session_id)
    if listing is None:
        raise not_found()
    allowed = may(directory.standing(listing, user), Act.CHANGE)
    if allowed:
        reject_erased(listing)
    return allowed
