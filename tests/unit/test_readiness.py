"""A worker that is not ready and comes no nearer to it is ended; a slow one is left alone."""

from streams.host.readiness import STALLED, watch


def test_a_worker_that_comes_no_nearer_to_ready_is_ended() -> None:
    ended: list[int] = []
    watch(lambda: 1.0, stall_s=0.05, end=ended.append).join(timeout=10)
    assert ended == [STALLED]


def test_a_worker_is_left_alone_until_it_stands_still() -> None:
    idle = iter([0.0, 0.04, 0.05, 0.0, 0.06])
    ended: list[int] = []
    watch(lambda: next(idle), stall_s=0.05, end=ended.append).join(timeout=10)
    assert next(idle, None) is None
    assert ended == [STALLED]
