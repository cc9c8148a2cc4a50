"""Every rule of senses.toml decides its own example."""

import msgspec
import pytest

from schemas.lexicon import Sense
from streams.tally.senses import Document, Rule, Senses, document, words_of

SENSES = Senses(document())
RULES = [(sense, rule) for sense, rules in document().rules.items() for rule in rules]


def clause_of(example: str) -> tuple[list[str], int]:
    """The example's words, and the place of the one in brackets."""
    words = example.split()
    place = next(n for n, word in enumerate(words) if word.startswith("["))
    return [word.strip("[]") for word in words], place


def test_every_sense_has_rules() -> None:
    assert set(document().rules) == set(Sense)


def test_a_sense_without_rules_is_named_before_a_word_is_counted() -> None:
    """A sense that somebody had only declared ended the first count of its word in a KeyError."""
    whole = document()
    lacking = dict(whole.rules)
    del lacking[Sense.PRAISE]
    with pytest.raises(ValueError, match=r"senses\.toml has no rules for the sense praise"):
        Senses(Document(whole.sets, lacking))


@pytest.mark.parametrize(("sense", "rule"), RULES, ids=[rule.example for _, rule in RULES])
def test_a_rule_decides_its_example(sense: Sense, rule: Rule) -> None:
    clause, place = clause_of(rule.example)
    assert SENSES.deciding(sense, clause, place) == rule
    assert SENSES.counts(sense, clause, place) is rule.counts


@pytest.mark.parametrize("sense", set(Sense) - {Sense.ANY})
def test_a_word_that_no_rule_decides_does_not_count(sense: Sense) -> None:
    clause = ["they", "said", "the", "word", "to", "everyone"]
    assert not SENSES.counts(sense, clause, 3)


def test_a_word_of_the_sense_any_counts_where_no_rule_decides() -> None:
    assert SENSES.counts(Sense.ANY, ["walao"], 0)


@pytest.mark.parametrize("said", ["sorry a [leh]", "sorry the [lah] bro", "so kiasu [sia] you"])
def test_a_particle_counts_at_the_end_of_a_clause_and_without_an_article(said: str) -> None:
    """A recogniser writes "a" for ah."""
    clause, place = clause_of(said)
    assert SENSES.counts(Sense.ANY, clause, place)


def test_a_set_must_be_declared_before_it_is_named() -> None:
    with pytest.raises(KeyError, match="COLOURS"):
        words_of("red COLOURS", {})


def test_an_unknown_condition_is_rejected() -> None:
    written = b'[sets]\n[[rules.answer]]\nexample = "[can]"\nbefor = "a"\n'
    with pytest.raises(msgspec.ValidationError, match="befor"):
        msgspec.toml.decode(written, type=Document)
