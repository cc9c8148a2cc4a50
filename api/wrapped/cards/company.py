"""People whom one talks with most."""

from collections.abc import Mapping

from api.wrapped.card_models import Companion
from api.wrapped.input import WrappedInput
from schemas.ids import UserId

HOW = "People who claimed a voice in the sessions you spoke in. Guests are never shown."


def shape(given: WrappedInput, names: Mapping[UserId, str]) -> list[Companion]:
    """Up to five, by how many sessions. Somebody without a name is shown by user id."""
    return [
        Companion(user=user, sessions=sessions, name=names.get(user) or user)
        for user, sessions in given.company.items()
    ]
