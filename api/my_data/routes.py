"""The route of a person's own data."""

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from adapters.http.problems import Responses
from api.dependencies import CurrentUser, Provided
from api.read_slots import ReadRoute

ZIP: Responses = {
    200: {"description": "A ZIP file with JSON, CSV and audio", "content": {"application/zip": {}}}
}
router = APIRouter(prefix="/v1/users/me", tags=["users"], route_class=ReadRoute)


@router.get("/data", response_class=StreamingResponse, responses=ZIP)
def my_data(user: CurrentUser, services: Provided) -> StreamingResponse:
    """Everything that is held about the caller, as one file: also recordings and own clips."""
    pieces = services.my_data.file(user)
    headers = {"Content-Disposition": 'attachment; filename="my-lahstats.zip"'}
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)
