"""Pure: the effect of a request on a user's profile, or the reason why it is rejected."""

from typing import Any

from msgspec.structs import replace

from schemas.people_events import (
    ShareRequested,
    UserChangeRequested,
    UserErasureRequested,
    UserRequest,
)
from streams.answers import is_older
from streams.users.state import Profile

CHOSEN = (
    "display_name",
    "findable",
    "on_board",
    "tags_take_effect_at_once",
    "time_zone",
    "keep_transcript_days",
)
"""Fields of a profile that its user sets; the request has them under the same names."""
MOST_LINKS = 50
"""Share links of one user that are not revoked."""


def refusal(profile: Profile, request: UserRequest) -> str | None:
    """Returns the reason against the request; None when it is accepted.

    One that comes late overwrites no newer choice, and brings nothing back that was erased since.
    It is accepted when a part of it takes effect.
    """
    match request:
        case ShareRequested(revoke=True):
            return None if request.share in profile.links else "no_such_share"
        case ShareRequested():
            if is_older(request, profile.erased_at_ms):
                return "chosen_since"
            return "too_many_shares" if len(profile.links) >= MOST_LINKS else None
        case UserChangeRequested(sign_out=False) if _named(request):
            return None if _chosen(profile, request) else "chosen_since"
    return None


def changed(profile: Profile, request: UserRequest) -> Profile:
    """Returns the profile after an accepted request. An erased user begins anew."""
    revision = profile.revision + 1
    match request:
        case UserErasureRequested():
            return _emptied(profile, request)
        case ShareRequested():
            return replace(_linked(profile, request), revision=revision)
        case UserChangeRequested():
            return replace(_filled_in(profile, request), revision=revision)


def _emptied(profile: Profile, request: UserErasureRequested) -> Profile:
    """An empty profile with what has to outlive the erasure.

    No browser goes on with a session of before it, and a request of before it that comes again
    changes nothing. Answers name nobody. The request may come late: what was chosen since, and
    links that were made since, are of somebody who came back.
    """
    choices_ms = _since(profile.choices_ms, request)
    links_ms = _since(profile.links_ms, request)
    return Profile(
        **{name: getattr(profile, name) for name in choices_ms},
        choices_ms=choices_ms,
        links=tuple(link for link in profile.links if link in links_ms),
        links_ms=links_ms,
        revision=profile.revision + 1,
        answers=profile.answers,
        signed_out_at_ms=_signed_out_at_ms(profile, request),
        erased_at_ms=max(profile.erased_at_ms, request.occurred_at_ms),
    )


def _since(moments_ms: dict[str, int], request: UserErasureRequested) -> dict[str, int]:
    return {name: ms for name, ms in moments_ms.items() if is_older(request, ms)}


def _linked(profile: Profile, request: ShareRequested) -> Profile:
    links = [link for link in profile.links if link != request.share]
    links_ms = {link: ms for link, ms in profile.links_ms.items() if link != request.share}
    if not request.revoke:
        links.append(request.share)
        links_ms[request.share] = request.occurred_at_ms
    return replace(profile, links=tuple(links), links_ms=links_ms)


def _filled_in(profile: Profile, request: UserChangeRequested) -> Profile:
    chosen = _chosen(profile, request)
    choices_ms = profile.choices_ms | {
        name: max(_chosen_ms(profile, name), request.occurred_at_ms) for name in chosen
    }
    profile = replace(profile, **chosen, choices_ms=choices_ms)
    if request.sign_out:
        profile = replace(profile, signed_out_at_ms=_signed_out_at_ms(profile, request))
    return profile


def _chosen(profile: Profile, request: UserChangeRequested) -> dict[str, Any]:
    """The fields that the request sets: it names them, and nobody chose them since."""
    return {
        name: value
        for name, value in _named(request).items()
        if not is_older(request, _chosen_ms(profile, name))
    }


def _named(request: UserChangeRequested) -> dict[str, Any]:
    """The fields that the request names. All others stay as they are."""
    named = {name: getattr(request, name) for name in CHOSEN}
    return {name: value for name, value in named.items() if value is not None}


def _chosen_ms(profile: Profile, name: str) -> int:
    """When the user chose the field, or erased it: 0 for never."""
    return max(profile.choices_ms.get(name, 0), profile.erased_at_ms)


def _signed_out_at_ms(profile: Profile, request: UserRequest) -> int:
    """A request that comes late lets no browser go on that a later one signed out."""
    return max(profile.signed_out_at_ms, request.occurred_at_ms)
