"""The route of a person's own data."""

from collections.abc import Generator
from contextlib import suppress

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from adapters.http.problems import Responses
from api.dependencies import CurrentUser, Provided
from api.read_slots import ReadRoute

ZIP: Responses = {
    200: {"description": "A ZIP file with JSON, CSV and audio", "content": {"application/zip": {}}}
}
HEADERS = {"Content-Disposition": 'attachment; filename="my-lahstats.zip"'}
router = APIRouter(prefix="/v1/users/me", tags=["users"], route_class=ReadRoute)


class ZipResponse(StreamingResponse):
    """A file in pieces. It is closed when its reader hangs up, once no piece is being read."""

    def __init__(self, pieces: Generator[bytes]) -> None:
        super().__init__(pieces, media_type="application/zip", headers=HEADERS)
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            # While a thread still reads a piece it cannot be closed: it is when the thread lets go.
            with suppress(ValueError):
                self._pieces.close()


@router.get("/data", response_class=StreamingResponse, responses=ZIP)
def my_data(user: CurrentUser, services: Provided) -> ZipResponse:
    """Everything that is held about the caller, as one file: also recordings and own clips."""
    return ZipResponse(services.my_data.file(user))
