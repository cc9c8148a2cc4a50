"""Pure: what a request means for a group, or why it is refused."""

from msgspec.structs import replace

from schemas.ids import UserId
from schemas.people_events import GroupAction, GroupChangeRequested, Member
from streams.groups.state import Group

MOST_MEMBERS = 200
OWNERS_ONLY = frozenset(
    {GroupAction.REMOVE, GroupAction.RENAME, GroupAction.INVITE, GroupAction.HAND_OVER}
)


def refusal(group: Group, asked: GroupChangeRequested) -> str | None:
    """Why `asked` may not be; None when it may. Whoever may not know the group is told `no_such_group`."""
    if asked.action is GroupAction.CREATE:
        return "already_there" if group.revision else None
    if asked.action is GroupAction.JOIN:
        return _may_not_join(group, asked)
    if asked.action is GroupAction.ERASE_MEMBER:
        return None if group.revision else "no_such_group"
    if not group.has(asked.by):
        return "no_such_group"
    if asked.action in OWNERS_ONLY and asked.by != group.owner:
        return "owner_only"
    if asked.action in {GroupAction.REMOVE, GroupAction.HAND_OVER} and not group.has(asked.user_id):
        return "no_such_member"
    if asked.action is GroupAction.REMOVE and asked.user_id == group.owner:
        return "owner_stays"
    if asked.action is GroupAction.LEAVE and asked.by == group.owner and len(group.members) > 1:
        return "hand_over_first"
    return None


def _may_not_join(group: Group, asked: GroupChangeRequested) -> str | None:
    good = (
        asked.invite is not None
        and asked.invite == group.invite
        and asked.occurred_at_ms < (group.invite_until_ms or 0)
    )
    if not good:
        return "no_such_invite"
    return "group_full" if len(group.members) >= MOST_MEMBERS and not group.has(asked.by) else None


def changed(group: Group, asked: GroupChangeRequested) -> Group:
    """The group after an accepted request."""
    group = replace(group, revision=group.revision + 1)
    match asked.action:
        case GroupAction.CREATE:
            return replace(
                _joined(group, asked),
                name=asked.name or "",
                owner=asked.by,
                invite=asked.invite,
                invite_until_ms=asked.invite_until_ms,
            )
        case GroupAction.JOIN:
            return _joined(group, asked)
        case GroupAction.LEAVE:
            return _without(group, asked.by)
        case GroupAction.REMOVE:
            # Whoever was removed knows the invite: it must not bring them back.
            return replace(_without(group, asked.user_id), invite=None, invite_until_ms=None)
        case GroupAction.RENAME:
            return replace(group, name=asked.name or group.name)
        case GroupAction.INVITE:
            return replace(group, invite=asked.invite, invite_until_ms=asked.invite_until_ms)
        case GroupAction.HAND_OVER:
            return replace(group, owner=asked.user_id or group.owner)
        case GroupAction.ERASE_MEMBER:
            return _forgotten(group, asked.by)


def _forgotten(group: Group, user: UserId) -> Group:
    """Whoever has been there longest owns it now: nobody is left to hand it over."""
    group = _without(group, user)
    owner = (
        group.owner
        if group.owner != user
        else next((member.user_id for member in group.members), UserId(""))
    )
    return replace(
        group, owner=owner, former=tuple(former for former in group.former if former != user)
    )


def _joined(group: Group, asked: GroupChangeRequested) -> Group:
    if group.has(asked.by):
        return group
    member = Member(user_id=asked.by, joined_at_ms=asked.occurred_at_ms)
    return replace(
        group,
        members=(*group.members, member),
        former=tuple(user for user in group.former if user != asked.by),
    )


def _without(group: Group, user: UserId | None) -> Group:
    if user is None:
        return group
    left = tuple(member for member in group.members if member.user_id != user)
    group = replace(
        group, members=left, former=(*(former for former in group.former if former != user), user)
    )
    # A group that nobody is in has ended: an old invite must not make a group without an owner of it.
    return group if left else replace(group, invite=None, invite_until_ms=None)
