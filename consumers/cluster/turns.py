"""Pure: turns of one speaker that touch or overlap are one turn."""

from collections.abc import Iterable

from msgspec.structs import replace

from schemas.objects import Turn


def joined_up(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """In order of time."""
    joined: dict[str, list[Turn]] = {}
    for turn in sorted(turns, key=lambda t: (t.start_ms, t.end_ms)):
        own = joined.setdefault(turn.speaker, [])
        if own and turn.start_ms <= own[-1].end_ms:
            own[-1] = replace(own[-1], end_ms=max(own[-1].end_ms, turn.end_ms))
        else:
            own.append(turn)
    return tuple(
        sorted(
            (t for own in joined.values() for t in own),
            key=lambda t: (t.start_ms, t.end_ms, t.speaker),
        )
    )
