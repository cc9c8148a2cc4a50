"""The route of the page for operators."""

from fastapi import APIRouter

from api.dependencies import CurrentUser, Provided
from api.health.service import Health
from api.read_slots import ReadRoute

router = APIRouter(prefix="/docs", include_in_schema=False, route_class=ReadRoute)


@router.get("/health.json")
def health(user: CurrentUser, services: Provided) -> Health:
    """How everything is; for people who are signed in."""
    del user
    return services.operating.health()
