"""Merges hold, or the session says that it failed, where what says so between the folds is lost."""

import pytest

from adapters.settings import Settings
from consumers.runtime.outcome import Step
from schemas import stages
from schemas.claim_events import ClaimKind, ClaimRequested, Decided, SpeakerClaimed
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.rejections import Reason
from schemas.session_events import Failure, SpeakersConstrained, State
from schemas.session_requests import MergeRequested
from schemas.speech_events import SpeakersIdentified
from schemas.stage_names import StageName
from streams import given_up
from streams.fold import Fold, Outputs
from tests.guide.phone import OWNER
from tests.lossy_stack import Losses, Lossy, most_ms
from tests.recorded_stack import ANN, S1, S2, Recording, Sent

PATIENCE_MS = Settings().patience_ms
STATED_MS = most_ms(PATIENCE_MS, windows=2)


class WithoutConstraints(Lossy):
    """So many sets of constraints get lost, or become dead letters of some folds."""

    def __init__(self, times: int, *givers_up: StageName) -> None:
        super().__init__(Losses())
        self._times = times
        self._givers_up = givers_up

    def _consumers(self) -> list[Step]:
        return Recording._consumers(self)  # a cluster that obeys

    def _read(self, topic: Topic, event: Event) -> list[Sent]:
        said = super()._read(topic, event)
        if self._givers_up:
            return said
        return [sent for sent in said if not self._is_gone(sent[1])]

    def _folded(self, fold: Fold, event: Event) -> Outputs:
        if fold.name in self._givers_up and self._is_gone(event):
            return given_up.told(fold.role, event, Reason.FOLD_FAILED)
        return super()._folded(fold, event)

    def _is_gone(self, event: Event) -> bool:
        if not isinstance(event, SpeakersConstrained) or not self._times:
            return False
        self._times -= 1
        return True


def merged(times: int, *givers_up: StageName) -> tuple[WithoutConstraints, int]:
    """A session of which a claimed voice is merged, and how long that took."""
    on = WithoutConstraints(times, *givers_up)
    on.phone.start()
    on.phone.chunk(0)
    on.phone.stop(1)
    on.ask(ClaimRequested, speaker=S2, by=ANN, kind=ClaimKind.SELF)
    on.ask(MergeRequested, by=OWNER, target=S1, source=S2)
    return on, on.wait_until_final(STATED_MS)


LOST: list[tuple[StageName, ...]] = [(), (stages.ATTRIBUTION.name,), (stages.CREDITS.name,)]


@pytest.mark.parametrize("givers_up", LOST)
def test_a_merge_holds_though_its_message_was_lost(givers_up: tuple[StageName, ...]) -> None:
    """Before, the voices were told apart without it, or its claim ended without a word."""
    on, took_ms = merged(1, *givers_up)
    assert on.state is State.COMPLETED
    newest = on.said(SpeakersIdentified)[-1]
    assert [speaker.label for speaker in newest.speakers] == [S1]
    claim = [event for event in on.said(Event) if isinstance(event, Decided)][-1]
    assert isinstance(claim, SpeakerClaimed)
    assert (claim.speaker, claim.user_id) == (S1, ANN)
    if givers_up:
        assert took_ms < PATIENCE_MS  # who gave it up said so: nobody waits for silence


@pytest.mark.parametrize(
    ("givers_up", "failure"),
    [
        ((), Failure.SPEAKERS_NOT_IDENTIFIED),
        ((stages.CREDITS.name,), Failure.WORDS_NOT_COUNTED),
    ],
)
def test_a_session_whose_merges_never_come_fails_with_its_reason(
    givers_up: tuple[StageName, ...], failure: Failure
) -> None:
    on, _ = merged(100, *givers_up)
    assert (on.state, on.listed.failure) == (State.FAILED, failure)
