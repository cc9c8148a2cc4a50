"""Whom one talks with most."""

from collections.abc import Mapping
from typing import Any

from api.wrapped.card import Card, Told


def shape(told: Told, _: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Up to five people who claimed a voice in the same sessions, by how many sessions."""
    return [{"user": row["user_id"], "sessions": row["together"]} for row in told.answers["company"]]


CARD = Card("company", "People who claimed a voice in the sessions you spoke in. Guests are never shown.", ("company",), shape)
