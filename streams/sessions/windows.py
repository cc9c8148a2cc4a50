"""Pure: which windows can be worked on, and how far each reaches."""

from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace

from schemas.ranges import Range, Ranges, add, numbers, remove
from streams.sessions import early_results
from streams.sessions.number_sets import without
from streams.sessions.state import Rules, Session

HasAudio = Callable[[int, int], bool]
"""Whether a span of the timeline has no gap."""
LIVE_MS = 120_000
"""A window whose audio came within this time after it was recorded is live: somebody waits for it.

The start is by the phone's clock, and at the latest when it arrived: a clock that is ahead brings
nobody before others. Audio that came long before it can have been recorded since then was recorded
earlier. A phone whose clock is slow catches up all the time.
"""


def count(total_ms: int, rules: Rules) -> int:
    """Returns the number of windows of a session of `total_ms`.

    The last window is shorter than the others and may own nothing. Its margin finishes the audio
    that the others left: they are worked on before anybody knows where the session ends.
    """
    return total_ms // rules.window_ms + 1 if total_ms else 0


def cut(session: Session, rules: Rules, has_audio: HasAudio) -> Session:
    """Queues every next window that is covered with its margin, or whose gap waited long enough."""
    while _is_ripe(session, rules, has_audio):
        session = _queue(session, rules, len(session.revisions) + 1)
    return session


def cut_all(session: Session, rules: Rules) -> Session:
    """Queues every window that is left: the timeline ends at `total_ms`."""
    return _queue(session, rules, count(session.total_ms, rules))


def _is_ripe(session: Session, rules: Rules, has_audio: HasAudio) -> bool:
    window = len(session.revisions)
    end_ms = (window + 1) * rules.window_ms
    left_ms = session.newest_ms - end_ms
    if left_ms < 0 or left_ms >= rules.gap_wait_ms:
        return left_ms >= 0
    return has_audio(audio_from(window, rules), end_ms)


def _queue(session: Session, rules: Rules, wanted: int) -> Session:
    """Cuts windows until there are `wanted`, each at its first revision."""
    new = tuple(range(len(session.revisions), wanted))
    first_revisions = (1,) * len(new)
    session = _sorted_by_age(session, rules, new)
    return replace(
        session,
        revisions=session.revisions + first_revisions,
        queue=session.queue + new,
    )


def touched(session: Session, rules: Rules, span: Range) -> Ranges:
    """Returns the windows that are cut and have some of the span, their margins counted in."""
    start_ms, end_ms = span
    first = start_ms // rules.window_ms
    after_last = -(-(end_ms + rules.margin_before_ms) // rules.window_ms)
    return add((), first, min(after_last, len(session.revisions)))


def recut(session: Session, rules: Rules, former_total_ms: int) -> Session:
    """Takes the late chunks: every window whose audio changed gets a new revision.

    That is a window with audio of them, or one that ended with the former end of the
    session, when the session is longer now.
    """
    again = session.late or ()
    if session.total_ms > former_total_ms:
        first = max(0, -(-former_total_ms // rules.window_ms) - 1)
        again = add(again, first, len(session.revisions))
    return work_again(replace(session, late=None), rules, numbers(again))


def work_again(session: Session, rules: Rules, again: Sequence[int]) -> Session:
    """Gives these windows a new revision. Their results so far are those of an older one."""
    if not again:
        return session
    session = _sorted_by_age(session, rules, again)
    revisions = list(session.revisions)
    transcribed = session.transcribed
    voiced = session.voiced
    for window in again:
        revisions[window] += 1
        transcribed = remove(transcribed, window, window + 1)
        voiced = remove(voiced, window, window + 1)
    return replace(
        session,
        revisions=tuple(revisions),
        queue=(*without(session.queue, again), *again),
        in_flight=without(session.in_flight, again),
        transcribed=transcribed,
        voiced=voiced,
    )


def _sorted_by_age(session: Session, rules: Rules, queued: Iterable[int]) -> Session:
    """Notes which windows are live and which catch up, by the age of their audio when it came.

    Their age when they are released would not do: where workers are short of time, people who talk
    now would then wait behind everybody else.
    """
    catching_up = session.catching_up
    began_ms = session.recorded_at_ms - session.clock_ahead_ms
    for window in queued:
        recorded_ms = began_ms + (window + 1) * rules.window_ms
        if abs(session.last_arrival_ms - recorded_ms) > LIVE_MS:
            catching_up = add(catching_up, window, window + 1)
        else:
            catching_up = remove(catching_up, window, window + 1)
    return replace(session, catching_up=catching_up)


def release(session: Session, rules: Rules) -> Session:
    """Releases waiting windows until the workers have `rules.in_flight` of this session.

    So no session stands in front of all others.
    """
    session = early_results.taken(session)
    free = max(0, rules.in_flight - len(session.in_flight))
    released = session.queue[:free]
    waiting = session.queue[free:]
    return replace(session, queue=waiting, in_flight=session.in_flight + released)


def end_of(session: Session, window: int, rules: Rules) -> int:
    """Returns the millisecond at which a window ends, or the whole timeline does."""
    end_ms = (window + 1) * rules.window_ms
    if not session.sealed:
        return end_ms
    return min(end_ms, session.total_ms)


def audio_from(window: int, rules: Rules) -> int:
    """Returns the millisecond at which the audio of a window begins, with its margin."""
    return max(0, window * rules.window_ms - rules.margin_before_ms)
