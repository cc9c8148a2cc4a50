"""Routes of the caller's Wrapped."""

from fastapi import APIRouter, Response

from adapters.http.problems import Responses
from api.dependencies import CurrentUser, IfNoneMatch, Period, Provided, days_of
from api.etags import is_current
from api.read_slots import ReadRoute
from api.wrapped.models import Wrapped

NOT_MODIFIED: Responses = {304: {"description": "The caller has the current answer"}}
router = APIRouter(prefix="/v1/users/me", tags=["users"], route_class=ReadRoute)


@router.get("/wrapped", response_model=Wrapped, responses=NOT_MODIFIED)
def wrapped(
    user: CurrentUser,
    services: Provided,
    period: Period = "year",
    if_none_match: IfNoneMatch = "",
) -> Response:
    """The caller's Wrapped; 304 without a body when the caller has it already."""
    answer = services.wrapped.wrapped(user, period, days_of(period, services))
    headers = {"ETag": answer.etag}
    if is_current(if_none_match, answer.etag):
        return Response(status_code=304, headers=headers)
    return Response(answer.body, media_type="application/json", headers=headers)
