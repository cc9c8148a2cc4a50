"""Nobody changes a voice that somebody else claimed: not by a split, a hint, or an undoing."""

from msgspec.structs import replace

from schemas.claim_events import SpeakerClaimed, SpeakerReleased
from schemas.event import Event
from schemas.ids import NOBODY, SpeakerLabel, UserId
from tests.session_history import OWNER
from tests.unit.test_corrections import again, hint, reasons, seals, split, undo
from tests.unit.test_merging import ANN, BEN, CAT, OF_TWO, S1, S2, S3, claimed, merge, released

S4 = SpeakerLabel("S4")
OF_FOUR = ("S1", "S2", "S3", "S4")


def later(claim: SpeakerClaimed | SpeakerReleased, version: int = 9) -> Event:
    """The same, decided after everything before it."""
    return replace(claim, claim_version=version, event_id="")


def test_a_hint_joins_no_voices_where_somebody_else_claimed_one() -> None:
    """One of "1 person" gave all that was said to one of them, and released the other's voice."""
    for by in (ANN, CAT, OWNER):
        assert reasons(*OF_TWO, hint(by, 1)) == ["voices_claimed"]
    assert [seal.generation for seal in seals(*OF_TWO, hint(CAT, 1))] == [1]


def test_one_claimed_voice_is_enough() -> None:
    """The joined voice may go on under the other label: a merge would take the claim along."""
    assert reasons(OF_TWO[0], hint(BEN, 2)) == ["voices_claimed"]


def test_a_hint_of_more_people_takes_no_half_of_a_claimed_voice() -> None:
    assert reasons(OF_TWO[0], hint(BEN, 4)) == ["voices_claimed"]


def test_who_has_all_claimed_voices_may_say_how_many_people_talked() -> None:
    assert reasons(hint(BEN, 1)) == []
    assert reasons(OF_TWO[0], hint(ANN, 1)) == []
    assert reasons(*OF_TWO, later(released(S1)), hint(BEN, 1)) == []


def test_a_hint_that_changes_no_number_is_taken() -> None:
    assert reasons(*OF_TWO, hint(CAT, 3)) == []
    said = (hint(CAT, 2), *again(2), *OF_TWO)
    assert reasons(*said, replace(hint(BEN, 2), request_id="again", event_id="")) == []


def test_a_hint_waits_for_nobody_while_voices_are_not_known() -> None:
    """A merge is not ready then. A hint that came while another one was counted would be obeyed."""
    assert reasons(hint(CAT, 2), *OF_TWO, hint(CAT, 1)) == ["voices_claimed"]
    assert reasons(hint(CAT, 2), hint(CAT, 1)) == []


def test_a_hint_is_undone_by_the_same_rule() -> None:
    said = (hint(CAT, 1), *again(2, "S1"))
    assert reasons(*said, undo(CAT, 1)) == []
    assert reasons(*said, later(OF_TWO[0]), undo(CAT, 1)) == ["voices_claimed"]
    assert reasons(*said, later(OF_TWO[0]), undo(OWNER, 1)) == ["voices_claimed"]
    own = later(claimed(S1, CAT, CAT))
    assert reasons(*said, own, undo(CAT, 1)) == []


def test_a_claimed_voice_is_split_by_its_person_alone() -> None:
    """Else a member splits it and claims one half."""
    for by in (BEN, CAT, OWNER):
        assert reasons(OF_TWO[0], split(by, S1)) == ["voice_claimed"]
    assert reasons(OF_TWO[0], split(ANN, S1)) == []
    assert reasons(OF_TWO[0], split(BEN, S2)) == []
    assert reasons(OF_TWO[0], later(released(S1)), split(BEN, S1)) == []
    guest = claimed(S1, None, BEN, "Uncle Bob")
    assert reasons(guest, split(ANN, S1)) == ["voice_claimed"]
    assert reasons(guest, split(BEN, S1)) == []


def test_the_guest_of_somebody_who_left_is_nobodys() -> None:
    named = claimed(S1, None, BEN, "Uncle Bob")
    left = later(claimed(S1, None, NOBODY, "Uncle Bob"))
    for asked in (split(ANN, S1), hint(ANN, 2), merge(ANN, S1, S2)):
        assert reasons(named, left, asked) == []


def test_an_undone_split_takes_no_voice_away() -> None:
    """Somebody split a voice, waited until another person claimed one half, and had both."""
    halves = (split(CAT, S1), *again(2, *OF_FOUR))
    new_half = later(claimed(S4, BEN, BEN))
    assert reasons(*halves, undo(CAT, 1)) == []
    assert reasons(*halves, new_half, undo(CAT, 1)) == ["voice_claimed"]
    assert reasons(*halves, new_half, undo(OWNER, 1)) == ["voice_claimed"]
    own_half = later(claimed(S4, CAT, CAT))
    assert reasons(*halves, own_half, undo(CAT, 1)) == []
    old_half = later(claimed(S1, BEN, BEN), 8)
    assert reasons(*halves, old_half, undo(CAT, 1)) == []
    assert reasons(*halves, old_half, own_half, undo(CAT, 1)) == ["voice_claimed"]


def test_a_voice_that_was_there_before_keeps_no_split() -> None:
    halves = (OF_TWO[1], split(CAT, S1), *again(2, *OF_FOUR))
    assert reasons(*halves, undo(CAT, 1)) == []


def hints(*events: Event) -> list[int | None]:
    return [seal.hint for seal in seals(*events)]


OF_THREE = (hint(CAT, 3), *again(2))


def test_a_split_under_a_hint_joins_no_voices_of_others() -> None:
    """One of three people's voices was two: of the other two the clustering made one voice."""
    claims = [later(claimed(S2, BEN, BEN)), later(claimed(S3, CAT, CAT))]
    assert hints(*OF_THREE, *claims, split(ANN, S1)) == [None, 3, 4]
    assert hints(*OF_THREE, *claims, split(ANN, S1), *again(3, *OF_FOUR), undo(ANN, 2)) == [
        *(None, 3, 4, 3)
    ]


def test_a_merge_under_a_hint_parts_no_voice_of_others() -> None:
    """The clustering made two of a third voice, so that there were as many people as before."""
    claims = [later(claimed(S3, BEN, BEN))]
    assert hints(*OF_THREE, *claims, merge(ANN, S1, S2)) == [None, 3, 2]


def test_where_nobody_else_claimed_a_voice_a_hint_counts_after_merges_and_splits() -> None:
    """ADR 11: the third person is in another voice."""
    assert hints(*OF_THREE, merge(ANN, S1, S2)) == [None, 3, 3]
    own = later(claimed(S3, ANN, ANN))
    assert hints(*OF_THREE, own, split(ANN, S1)) == [None, 3, 3]
    since = [
        *OF_THREE,
        split(ANN, S1),
        *again(3),
        own,
        later(claimed(S2, BEN, BEN)),
        merge(ANN, S1, S3),
    ]
    assert hints(*since) == [None, 3, 3, 2]
    assert reasons(*since, *again(4, "S1", "S2"), undo(ANN, 2)) == ["corrected_since"]


def test_an_undoing_that_a_hint_would_make_up_for_waits_for_nobodys_voice() -> None:
    merged = [*OF_THREE, merge(ANN, S1, S2), *again(3, "S1", "S3", "S4")]
    assert reasons(*merged, undo(ANN, 2)) == []
    assert reasons(*merged, later(claimed(S3, BEN, BEN)), undo(ANN, 2)) == ["voices_claimed"]


def test_a_newer_hint_counts_everybody() -> None:
    claims = [later(claimed(S2, BEN, BEN))]
    four = [*OF_THREE, *claims, split(ANN, S1), *again(3, *OF_FOUR)]
    assert reasons(*four, hint(ANN, 4)) == []
    counted = [*four, hint(ANN, 4), *again(4, *OF_FOUR)]
    assert reasons(*counted, undo(ANN, 2)) == ["voices_claimed"]
    assert hints(*four, hint(ANN, 4)) == [None, 3, 4, 4]
    assert reasons(*four, replace(hint(ANN, 3), request_id="x", event_id="")) == ["voices_claimed"]


def test_an_undone_hint_is_judged_by_the_number_that_comes_of_it() -> None:
    """The hint before it moves with the merges and splits of since then as well."""
    ben = later(claimed(S3, BEN, BEN))
    found_three = (hint(CAT, 4), *again(2), ben, hint(ANN, 3), *again(3))
    five = (*found_three, split(ANN, S1), *again(4, *OF_FOUR))
    assert hints(*five) == [None, 4, 3, 4]
    assert reasons(*five, undo(ANN, 2)) == ["voices_claimed"]
    merged = (*OF_THREE, ben, merge(ANN, S1, S2), *again(3, "S1", "S3"))
    two = (*merged, hint(ANN, 2), *again(4, "S1", "S3"))
    assert reasons(*two, undo(ANN, 3)) == []
    assert hints(*two, undo(ANN, 3)) == [None, 3, 2, 2, 2]


def test_an_undone_merge_takes_nothing_of_who_claimed_the_joined_voice() -> None:
    """It is a split of their voice."""
    joined = (merge(CAT, S1, S2), *again(2, "S1", "S3"), later(claimed(S1, BEN, BEN)))
    assert reasons(*joined, undo(CAT, 1)) == ["voice_claimed"]
    assert reasons(*joined, undo(OWNER, 1)) == ["voice_claimed"]
    assert reasons(*joined, undo(BEN, 1)) == []
    assert reasons(*joined, undo(UserId("dan"), 1)) == ["not_concerned"]


def test_who_had_a_voice_before_a_merge_gets_it_back() -> None:
    both = (*OF_TWO, merge(ANN, S1, S2), merge(BEN, S1, S2), *again(2, "S1", "S3"))
    assert reasons(*both, undo(BEN, 1)) == ["needs_both"]
    of_one = (OF_TWO[0], merge(CAT, S1, S3), *again(2, "S1", "S2"))
    assert reasons(*of_one, undo(CAT, 1)) == []
