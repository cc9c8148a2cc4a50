"""Silence about a session counts only while all stages keep up."""

from dataclasses import dataclass

from adapters.kafka.consumer import Place
from adapters.process.retry import TransientError
from schemas.topics import COUNTED
from streams.host.steadiness import LAG_MS, LOOK_MS, Steadiness

PLACE: Place = (COUNTED.name, 0)
NOW_MS = 1_000_000


@dataclass
class Stage:
    """A group that is `behind` the end of its topic by so many messages."""

    end: int = 0
    behind: int = 0
    is_away: bool = False

    def ends(self) -> dict[Place, int]:
        """The end now. Messages come all the time."""
        self._ask()
        self.end += 1
        return {PLACE: self.end}

    def has_passed(self, ends: dict[Place, int]) -> bool:
        """Whether the group is so far."""
        self._ask()
        return self.end - self.behind >= ends[PLACE]

    def _ask(self) -> None:
        if self.is_away:
            raise TransientError("kafka: away")


def looks(steadiness: Steadiness, from_ms: int, times: int) -> list[int | None]:
    """The answers of so many looks."""
    return [steadiness.since(from_ms + n * LOOK_MS) for n in range(times)]


def test_stages_that_handle_what_comes_have_kept_up_since_the_first_look() -> None:
    assert looks(Steadiness([Stage(), Stage()]), NOW_MS, 5) == [NOW_MS] * 5


def test_a_stage_with_an_old_message_before_it_does_not_keep_up() -> None:
    slow = Stage()
    steadiness = Steadiness([Stage(), slow])
    assert looks(steadiness, NOW_MS, 2) == [NOW_MS] * 2
    slow.behind = 1
    later_ms = NOW_MS + 2 * LOOK_MS
    within = LAG_MS // LOOK_MS
    assert looks(steadiness, later_ms, within) == [NOW_MS] * within
    assert looks(steadiness, later_ms + LAG_MS, 3) == [None] * 3
    slow.behind = 0
    caught_up_ms = later_ms + LAG_MS + 3 * LOOK_MS
    assert looks(steadiness, caught_up_ms, 3) == [caught_up_ms] * 3


def test_nobody_knows_while_kafka_is_away() -> None:
    away = Stage()
    steadiness = Steadiness([away])
    assert looks(steadiness, NOW_MS, 2) == [NOW_MS] * 2
    away.is_away = True
    assert looks(steadiness, NOW_MS + 2 * LOOK_MS, 2) == [None] * 2
    away.is_away = False
    back_ms = NOW_MS + 4 * LOOK_MS
    assert looks(steadiness, back_ms, 2) == [back_ms] * 2


def test_the_broker_is_asked_once_in_a_while() -> None:
    asked = Stage()
    steadiness = Steadiness([asked])
    for now_ms in range(NOW_MS, NOW_MS + LOOK_MS, 1_000):
        steadiness.since(now_ms)
    assert asked.end == 1
