"""Whom one talks with most."""

from collections.abc import Mapping
from typing import Any

from api.wrapped.card import Card, Told


def shape(told: Told, _: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Up to five people who claimed a voice in the same sessions, by how many sessions."""
    return [{"user": user, "sessions": together} for user, together in told.company]


CARD = Card(
    "company",
    "People who claimed a voice in the sessions you spoke in. Guests are never shown.",
    ("voices",),
    shape,
)
