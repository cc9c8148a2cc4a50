"""Awards and guesses of a group's story: one winner, and a number that is true."""

from adapters.objects.lexicons import shipped_lexicon
from api.groups.awards import RULES, awards, guesses
from api.groups.board import board
from api.groups.rows import MemberTotalRow, MemberWordRow
from api.texts import say
from schemas.ids import UserId
from tests.unit.test_boards import member


def test_each_award_has_one_winner_with_a_number_that_is_true() -> None:
    said = {
        "mei": {"lah": 30, "walao": 9, "aiyo": 8, "kopi": 1},
        "beng": {"lah": 12, "kopi": 6, "chope": 4, "sabo": 3, "kiasu": 3},
        "raj": {"lah": 4, "kanina": 9},
    }
    rows = [
        MemberWordRow(UserId(user), word, total)
        for user, words in said.items()
        for word, total in words.items()
    ]
    rows.append(MemberWordRow(UserId("gone"), "lah", 999))
    places = board([member(user) for user in said], [MemberTotalRow(UserId("mei"), 48, 1000)])
    category = {word.word: word.category for word in shipped_lexicon().words}
    given = {one.award: one for one in awards(rows, places, category)}
    assert len(RULES) >= 8
    assert (given["most"].user_id, given["most"].number) == ("mei", 48)
    assert (given["rate"].user_id, given["rate"].number) == ("mei", 48.0)
    assert (given["different"].user_id, given["different"].number) == ("beng", 5)
    assert (given["food"].user_id, given["food"].number, given["food"].word) == ("beng", 6, "kopi")
    assert (given["drama"].user_id, given["drama"].number) == ("mei", 8)
    assert (given["action"].user_id, given["action"].number) == ("beng", 7)
    assert (given["one_trick"].user_id, given["one_trick"].number) == ("raj", 69)
    assert {one.user_id for one in given.values()} == set(said)


def test_an_award_names_the_first_of_equal_words() -> None:
    places = board([member("ann"), member("ben")], [MemberTotalRow(UserId("ann"), 15, 1000)])
    rows = [MemberWordRow(UserId("ann"), word, 5) for word in ("walao", "lah", "lor")]
    category = dict.fromkeys(("walao", "lah", "lor"), "particle")
    given = {one.award: one.word for one in awards(rows, places, category)}
    assert {given[name] for name in ("one_trick", "alone", "particles")} == {"lah"}


def test_a_hundred_per_cent_is_all_of_it_alone() -> None:
    """Before, 199 of 200 too."""
    places = board([member("ann")], [])
    rows = [MemberWordRow(UserId("ann"), "lah", 199), MemberWordRow(UserId("ann"), "lor", 1)]
    given = {one.award: one.number for one in awards(rows, places, {})}
    assert given["one_trick"] == 99
    alone = {one.award: one.number for one in awards(rows[:1], places, {})}
    assert alone["one_trick"] == 100


def test_a_guess_has_one_answer() -> None:
    rows = [
        MemberWordRow(UserId(user), word, total)
        for user, word, total in (
            ("mei", "lah", 9),
            ("beng", "lah", 9),
            ("mei", "sia", 5),
            ("beng", "sia", 7),
            ("mei", "lor", 3),
            ("gone", "sia", 99),
        )
    ]
    places = board([member("mei"), member("beng")], [])
    (only,) = guesses(rows, places, ["lah", "sia", "lor"], {"sia": "😮"})
    assert (only.word, only.people[0].user_id, only.people[0].count) == ("sia", "beng", 7)


def test_every_award_has_its_words_on_the_page() -> None:
    for rule in RULES:
        for part in ("title", "rule", "reason"):
            assert say(f"group.awards.{rule.award}.{part}", 3, word="lah")
