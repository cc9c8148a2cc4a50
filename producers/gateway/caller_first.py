"""Routes with a JSON body: the caller is known before a byte of it is read.

FastAPI reads and parses a body before it asks who is calling. 60 MB of lists, from nobody, were
1.7 GB in the gateway.
"""

from functools import cached_property
from uuid import UUID

from fastapi import Request
from fastapi.dependencies.models import Dependant

from adapters.http.bounded_routes import BoundedRoute
from producers.gateway.dependencies import caller_of, services_of, upload_of_request
from schemas.ids import SessionId


class CallerFirst(BoundedRoute):
    """401 without a token, before anything else."""

    @cached_property
    def _takes_upload(self) -> bool:
        return _needs_upload(self.dependant)

    async def admit(self, request: Request) -> None:
        """Raises HttpProblem 401."""
        services = services_of(request)
        if not self._takes_upload:
            await caller_of(request, services)
            return
        try:
            session_id = SessionId(str(UUID(request.path_params["session_id"])))
        except ValueError:
            return  # the route answers 422
        services.uploads.check(request, session_id)


def _needs_upload(dependant: Dependant) -> bool:
    below = dependant.dependencies
    return dependant.call is upload_of_request or any(_needs_upload(part) for part in below)
