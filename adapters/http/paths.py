"""Ids in the paths of both HTTP sides. An id that is no UUID is answered 422 by FastAPI."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from schemas.ids import SessionId


async def _session(session_id: UUID) -> SessionId:
    return SessionId(str(session_id))


SessionPath = Annotated[SessionId, Depends(_session)]
"""The `session_id` of the path, in one spelling."""


async def _group(group_id: UUID) -> str:
    return str(group_id)


GroupPath = Annotated[str, Depends(_group)]
"""The `group_id` of the path, in one spelling."""
