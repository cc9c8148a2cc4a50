"""Pure: who may see and do what in a session. Both HTTP sides ask here (ADR 0027)."""

from enum import StrEnum

import msgspec


class Act(StrEnum):
    """Something that a route lets people do with a session.

    `see`: everything of it: state, live events, speakers, clips, words, results, slide show.
    `see_own`: one's own numbers in it. `see_tag`: the tags that wait for oneself.
    `change`: claims, tags, hints, merges and splits.
    """

    SEE = "see"
    SEE_OWN = "see_own"
    SEE_TAG = "see_tag"
    CHANGE = "change"
    ERASE = "erase"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The relations of one user to one session. A stranger has none of them.

    `recorded`: it is theirs. `member`: of its group now; `left`: once, and not now. `claimed`: one
    of its speakers is theirs. `tagged`: a tag waits for their answer.
    """

    recorded: bool = False
    member: bool = False
    left: bool = False
    claimed: bool = False
    tagged: bool = False

    @property
    def at_the_table(self) -> bool:
        """Whether the session is theirs, or their group's."""
        return self.recorded or self.member


def may(standing: Standing, act: Act) -> bool:
    """Return whether somebody of that standing may do it.

    A tag alone shows the tag: nobody reads what others said because somebody named them. A claim
    shows the session until its holder leaves the group of it: their own numbers stay theirs.
    """
    match act:
        case Act.SEE:
            return standing.at_the_table or (standing.claimed and not standing.left)
        case Act.SEE_OWN:
            return standing.at_the_table or standing.claimed
        case Act.SEE_TAG:
            return standing.tagged
        case Act.CHANGE:
            return standing.at_the_table
        case Act.ERASE:
            return standing.recorded
