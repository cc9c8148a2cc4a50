"""Silence about a session counts when all that it sent was handled."""

from dataclasses import dataclass

from adapters.kafka.ends import Place
from adapters.process.retry import TransientError
from schemas.limits import HOUR_MS
from schemas.topics import COUNTED
from streams.host.handled import LOOK_MS, ROUNDS, Handled

PLACE: Place = (COUNTED.name, 0)
NOW_MS = 1_000_000


@dataclass
class Stage:
    """A group that is `behind` the end of its topic by so many messages."""

    end: int = 0
    behind: int = 0
    is_away: bool = False
    asked: int = 0

    def ends(self) -> dict[Place, int]:
        """The end now. Messages come all the time."""
        self._ask()
        self.end += 1
        return {PLACE: self.end}

    def has_passed(self, ends: dict[Place, int]) -> bool:
        """Whether the group is so far."""
        self._ask()
        self.asked += 1
        return self.end - self.behind >= ends[PLACE]

    def _ask(self) -> None:
        if self.is_away:
            raise TransientError("kafka: away")


def looks(handled: Handled, from_ms: int, times: int) -> list[int | None]:
    """The answers of so many looks."""
    return [handled.until(from_ms + n * LOOK_MS) for n in range(times)]


def test_everything_is_handled_that_is_some_rounds_old() -> None:
    answers = looks(Handled([Stage(), Stage()]), NOW_MS, ROUNDS + 3)
    begins = [NOW_MS + n * LOOK_MS for n in range(3)]
    assert answers == [*[None] * ROUNDS, *begins]


def test_a_message_that_a_stage_has_before_it_holds_the_time_back() -> None:
    slow = Stage()
    handled = Handled([Stage(), slow])
    known_ms = looks(handled, NOW_MS, ROUNDS + 1)[-1]
    slow.behind = slow.end + 1
    later_ms = NOW_MS + (ROUNDS + 1) * LOOK_MS
    assert looks(handled, later_ms, 20) == [known_ms] * 20


def test_each_look_asks_every_stage() -> None:
    """Each has a client: before, the client of a stage was made when those before it were done."""
    stages = [Stage(behind=10), Stage(), Stage()]
    looks(Handled(stages), NOW_MS, 4)
    assert [stage.asked for stage in stages] == [3, 3, 3]


def test_the_time_goes_on_when_a_stage_lags_for_ever() -> None:
    """A stage that is always three looks late; before, nobody was ever asked again."""
    slow = Stage()
    handled = Handled([slow])
    answers: list[int | None] = []
    for n in range(60):
        slow.behind = 0 if n % 3 == 0 else slow.end + 1
        answers.append(handled.until(NOW_MS + n * LOOK_MS))
    known = [answer for answer in answers if answer is not None]
    assert known[-1] >= NOW_MS + (60 - 3 * (ROUNDS + 2)) * LOOK_MS
    assert known == sorted(known)


def test_the_time_stands_still_while_kafka_is_away() -> None:
    away = Stage()
    handled = Handled([away])
    known_ms = looks(handled, NOW_MS, ROUNDS + 1)[-1]
    away.is_away = True
    away_ms = NOW_MS + (ROUNDS + 1) * LOOK_MS
    assert looks(handled, away_ms, 5) == [known_ms] * 5
    away.is_away = False
    back_ms = away_ms + 5 * LOOK_MS
    assert looks(handled, back_ms, ROUNDS + 1)[-1] == back_ms


def test_a_clock_that_was_ahead_says_nothing_of_what_is_still_to_come() -> None:
    """Before, each session was asked for again, and given up, that a slow stage had before it."""
    slow = Stage()
    handled = Handled([slow])
    assert looks(handled, NOW_MS + HOUR_MS, ROUNDS + 1)[-1] == NOW_MS + HOUR_MS
    slow.behind = slow.end + 1
    assert looks(handled, NOW_MS, 20) == [None] * 20
    slow.behind = 0
    assert looks(handled, NOW_MS + 20 * LOOK_MS, ROUNDS)[-1] == NOW_MS


def test_the_broker_is_asked_once_in_a_while() -> None:
    asked = Stage()
    handled = Handled([asked])
    for now_ms in range(NOW_MS, NOW_MS + LOOK_MS, 1_000):
        handled.until(now_ms)
    assert asked.end == 1
