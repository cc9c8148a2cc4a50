"""Pure: bounded mappings of a state, whose entries are in the order in which they last changed."""

from collections.abc import Mapping
from typing import TypeVar

Name = TypeVar("Name")
Held = TypeVar("Held")


def with_newest(held: Mapping[Name, Held], name: Name, one: Held, most: int) -> dict[Name, Held]:
    """Returns the mapping with this one as the newest, behind all others.

    Over `most` those go that were not changed for the longest time.
    """
    found = {other: held[other] for other in held if other != name}
    found[name] = one
    return dict(list(found.items())[-most:])
