"""Pure: the effect of a request on a group, or the reason why it is rejected."""

from msgspec.structs import replace

from schemas.ids import NOBODY, UserId
from schemas.people_events import GroupAction, GroupChangeRequested, Member
from streams.answers import is_older
from streams.each_person import stand_in
from streams.groups.state import MOST_FORMER, Group
from streams.newest import with_newest

MOST_MEMBERS = 200
OWNERS_ONLY = frozenset(
    {GroupAction.REMOVE, GroupAction.RENAME, GroupAction.INVITE, GroupAction.HAND_OVER}
)
ABOUT_A_MEMBER = frozenset({GroupAction.REMOVE, GroupAction.HAND_OVER})


def refusal(group: Group, request: GroupChangeRequested) -> str | None:
    """Returns the reason against the request; None when it is accepted.

    A user who may not know the group gets `no_such_group`.
    """
    match request.action:
        case GroupAction.CREATE:
            return "already_there" if group.revision else None
        case GroupAction.JOIN:
            return _join_refusal(group, request)
        case GroupAction.ERASE_MEMBER:
            return None if group.revision else "no_such_group"
    return _member_refusal(group, request) if group.has(request.by) else "no_such_group"


def _member_refusal(group: Group, request: GroupChangeRequested) -> str | None:
    """The reason against what a member asks."""
    is_owner = request.by == group.owner
    if request.action in OWNERS_ONLY and not is_owner:
        return "owner_only"
    if request.action in ABOUT_A_MEMBER and not group.has(request.user_id):
        return "no_such_member"
    if is_older(request, group.chosen_ms.get(request.action, 0)):
        return "chosen_since"  # it may come late, or again
    match request.action:
        case GroupAction.REMOVE if request.user_id == group.owner:
            return "owner_stays"
        case GroupAction.LEAVE if is_owner and len(group.members) > 1:
            return "hand_over_first"
        case GroupAction.REMOVE | GroupAction.HAND_OVER:
            return _late_refusal(group, request.user_id, request)
        case GroupAction.LEAVE:
            return _late_refusal(group, request.by, request)
    return None


def _late_refusal(group: Group, user: UserId | None, request: GroupChangeRequested) -> str | None:
    """A membership that is newer than the request stays: it may come late, or again."""
    return "joined_since" if is_older(request, _joined_ms(group, user)) else None


def _joined_ms(group: Group, user: UserId | None) -> int:
    """When the user joined last, also where they left since; 0 when nothing says so."""
    for member in group.members:
        if member.user_id == user:
            return member.joined_at_ms
    return 0 if user is None else group.former_since_ms.get(user, 0)


def _join_refusal(group: Group, request: GroupChangeRequested) -> str | None:
    if request.invite is None or request.invite != group.invite:
        return "no_such_invite"
    if request.occurred_at_ms >= (group.invite_until_ms or 0):
        return "no_such_invite"
    if is_older(request, group.left_ms.get(stand_in(request.group_id, request.by), 0)):
        return "left_since"
    is_full = len(group.members) >= MOST_MEMBERS
    return "group_full" if is_full and not group.has(request.by) else None


def changed(group: Group, request: GroupChangeRequested) -> Group:
    """Returns the group after an accepted request."""
    group = replace(group, revision=group.revision + 1)
    match request.action:
        case GroupAction.CREATE:
            group = _invite(_joined(group, request), request)
            return replace(group, name=request.name or "", owner=request.by)
        case GroupAction.JOIN:
            return _joined(group, request)
        case GroupAction.LEAVE:
            return _left(group, request.by, request)
        case GroupAction.REMOVE:
            # A removed user knows the invite: it must not bring them back.
            group = _uninvite(_left(group, request.user_id, request))
            return _chosen(group, GroupAction.INVITE, request)
        case GroupAction.RENAME:
            group = replace(group, name=request.name or group.name)
        case GroupAction.INVITE:
            group = _invite(group, request)
        case GroupAction.HAND_OVER:
            group = replace(group, owner=request.user_id or group.owner)
        case GroupAction.ERASE_MEMBER:
            return _erased(group, request)
    return _chosen(group, request.action, request)


def _chosen(group: Group, choice: GroupAction, request: GroupChangeRequested) -> Group:
    """The group whose owner chose that at the moment of the request."""
    at_ms = max(group.chosen_ms.get(choice, 0), request.occurred_at_ms)
    return replace(group, chosen_ms={**group.chosen_ms, choice: at_ms})


def _invite(group: Group, request: GroupChangeRequested) -> Group:
    return replace(group, invite=request.invite, invite_until_ms=request.invite_until_ms)


def _uninvite(group: Group) -> Group:
    return replace(group, invite=None, invite_until_ms=None)


def _erased(group: Group, request: GroupChangeRequested) -> Group:
    """The group without who is forgotten.

    Somebody who joined since they asked for that stays, as a member or as a former one.
    """
    user = request.by
    # Without LATE_MS: they may ask, and join again at once.
    if _joined_ms(group, user) > request.occurred_at_ms:
        return group
    group = _not_former(_left(group, user, request), user)
    owner = group.owner
    if owner == user:
        # Nobody is left to hand the group over: the member of the longest standing owns it.
        owner = group.members[0].user_id if group.members else NOBODY
    return replace(group, owner=owner)


def _joined(group: Group, request: GroupChangeRequested) -> Group:
    """The group with who joins. A member who joins again is one since then: they may have left.

    That they leave, or are to be forgotten, may come late.
    """
    if group.has(request.by):
        return replace(group, members=tuple(_again(one, request) for one in group.members))
    member = Member(user_id=request.by, joined_at_ms=request.occurred_at_ms)
    group = _not_former(group, request.by)
    return replace(group, members=(*group.members, member))


def _again(member: Member, request: GroupChangeRequested) -> Member:
    if member.user_id != request.by:
        return member
    return replace(member, joined_at_ms=max(member.joined_at_ms, request.occurred_at_ms))


def _left(group: Group, user: UserId | None, request: GroupChangeRequested) -> Group:
    """The group without the user, and with the moment at which that was asked for.

    A join of before it may come late. A digest stands for the user, who may be forgotten.
    """
    if user is None:
        return group
    name = stand_in(request.group_id, user)
    at_ms = max(group.left_ms.get(name, 0), request.occurred_at_ms)
    left_ms = with_newest(group.left_ms, name, at_ms, MOST_FORMER)
    return replace(_without(group, user), left_ms=left_ms)


def _without(group: Group, user: UserId) -> Group:
    joined_ms = _joined_ms(group, user)
    members = tuple(member for member in group.members if member.user_id != user)
    others = _not_former(group, user)
    former = (*others.former, user)[-MOST_FORMER:]
    since_ms = {**others.former_since_ms, user: joined_ms}
    since_ms = {one: since_ms[one] for one in former if one in since_ms}
    group = replace(group, members=members, former=former, former_since_ms=since_ms)
    # A group without members has ended: an old invite must not make a group without an owner.
    return group if members else _uninvite(group)


def _not_former(group: Group, user: UserId) -> Group:
    former = tuple(one for one in group.former if one != user)
    since_ms = {one: ms for one, ms in group.former_since_ms.items() if one != user}
    return replace(group, former=former, former_since_ms=since_ms)
