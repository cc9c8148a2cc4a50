"""What the fold remembers of a user."""

import msgspec

from schemas.people_events import UserChangeDecided
from streams.answers import Answers

MOST_LINKS = 50
"""Good links of one person at a time."""


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """One user; `links`: those that are good."""

    display_name: str = ""
    findable: bool = False
    on_board: bool = False
    tags_take_effect_at_once: bool = False
    links: tuple[str, ...] = ()
    revision: int = 0
    answers: Answers[UserChangeDecided] = Answers()
