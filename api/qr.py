"""A text as a picture for a camera: an address that is handed across a table."""

import io
from typing import Annotated

import segno
from fastapi import APIRouter, Query, Response

from adapters.http.fields import sized
from adapters.http.problems import Responses
from api.dependencies import CurrentUser, Provided
from api.read_slots import ReadRoute
from schemas import limits

PICTURE: Responses = {200: {"description": "A picture", "content": {"image/svg+xml": {}}}}
QUIET_ZONE = 4
"""Modules of white around it: a camera needs them."""
router = APIRouter(prefix="/v1", tags=["pictures"], route_class=ReadRoute)


@router.get("/qr", response_class=Response, responses=PICTURE)
def qr(
    user: CurrentUser, services: Provided, text: Annotated[str, sized(limits.QR), Query()]
) -> Response:
    """The text as a QR code. It is kept nowhere."""
    # In a slot: a long text takes some 20 ms, in which the event loop would answer nobody.
    del user, services
    drawn = io.BytesIO()
    segno.make(text, micro=False, error="m").save(
        drawn, kind="svg", scale=8, border=QUIET_ZONE, light="#fff", dark="#1c1430", xmldecl=False
    )
    return Response(drawn.getvalue(), media_type="image/svg+xml")
