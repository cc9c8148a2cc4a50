"""Chapter 4. A claim: from "this speaker is me" to a Wrapped.

The gateway asks by publishing a request. The `credits` fold decides, alone, and answers on a topic.
A person's credit follows
from the claim and from the counts, in either order.
"""

from datetime import date

import msgspec

from api.date_range import DateRange
from api.wrapped.cards import streak, totals
from api.wrapped.input import WrappedRows, wrapped_input
from api.wrapped.rows import VoiceRow
from schemas import topics
from schemas.claim_events import ClaimKind, ClaimRejected, ClaimRequested, SpeakerClaimed
from schemas.ids import SpeakerLabel, UserId
from schemas.word_events import WordsCredited
from tests.guide.memory_stack import MemoryStack, clock
from tests.guide.phone import SESSION, recorded


def claim(stack: MemoryStack, user: str, request_id: str) -> None:
    """Let `user` say that S1 is themself."""
    request = ClaimRequested(
        occurred_at_ms=clock(),
        session_id=SESSION,
        request_id=request_id,
        speaker=SpeakerLabel("S1"),
        by=UserId(user),
        kind=ClaimKind.SELF,
    )
    stack.publish(topics.CLAIMS_REQUESTED, request)


def test_the_fold_decides_and_answers_on_a_topic() -> None:
    """Gateway, sink and phone all read the same decision."""
    stack, _ = recorded()
    claim(stack, "mei", "request-1")
    [decided] = stack.said(SpeakerClaimed)
    assert (decided.speaker, decided.user_id) == ("S1", "mei")
    assert [row["user_id"] for row in stack.rows("claims")] == ["mei"]


def test_counts_follow_the_claim() -> None:
    """S1 said "lah" once, in the first window."""
    stack, _ = recorded()
    claim(stack, "mei", "request-1")
    [credited] = stack.said(WordsCredited)
    assert list(credited.days.values()) == [{"lah": 1}]
    [row] = stack.rows("user_voices")
    assert (row["user_id"], row["words"]) == ("mei", ["lah"])


def test_a_speaker_has_one_owner() -> None:
    """The second claim is rejected with a reason.

    The key of the topic is the session: requests come one by one.
    """
    stack, _ = recorded()
    claim(stack, "mei", "request-1")
    claim(stack, "ann", "request-2")
    [rejected] = stack.said(ClaimRejected)
    assert (rejected.request_id, rejected.reason) == ("request-2", "already_claimed")


def test_a_request_that_comes_again_gets_the_answer_that_it_got() -> None:
    """A phone that lost the answer asks again. Nothing is credited twice."""
    stack, _ = recorded()
    claim(stack, "mei", "request-1")
    claim(stack, "mei", "request-1")
    first, again = stack.said(SpeakerClaimed)
    assert first == again
    assert len(stack.said(WordsCredited)) == 1


def test_the_warehouse_row_is_what_a_wrapped_is_made_of() -> None:
    """The api reads the row that the sink wrote, and makes cards of it.

    Pure functions, one file each.
    """
    stack, _ = recorded()
    claim(stack, "mei", "request-1")
    [row] = stack.rows("user_voices")
    columns = {name: row[name] for name in VoiceRow.__struct_fields__}
    voice = msgspec.convert(columns, VoiceRow)
    answers = WrappedRows(voices=[voice], cohort=[], in_cohort=[], everyone=[], lexicon=[])
    given = wrapped_input(answers, DateRange(date(2025, 1, 1), date(2025, 12, 31)))
    card = totals.shape(given)
    assert (card.counts, card.distinct_words, card.sessions) == (1, 1, 1)
    assert card.talk_s == 20
    assert streak.shape(given).days == 1
