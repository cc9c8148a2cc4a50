"""Chapter 8. To change something: the pages of `docs/how-to`, followed step by step on a copy."""

import json
import re
from pathlib import Path

import pytest

from api import art
from api.wrapped.models import Cards
from api.wrapped.story import HOW
from deploy.cli.text_counts import spoken
from schemas.lexicon_checks import parse, problems
from streams.tally.counter import Counter
from tests.guide.how_to import PAGES
from tests.guide.scratch_copy import ScratchCopy

MAKES_THE_EXAMPLE = re.search(r"-c '(.*)' > (.*)$", (PAGES / "topic.md").read_text(), re.MULTILINE)
WHERE_IT_RUNS = ("compose", "kubernetes", "pods", "shipped_processes")


@pytest.fixture
def copy(tmp_path: Path) -> ScratchCopy:
    """A copy to try a page on."""
    return ScratchCopy.of(tmp_path)


def test_a_word_with_two_senses_is_counted_in_one_of_them(copy: ScratchCopy) -> None:
    copy.follow("word.md")
    body = (copy.root / "schemas" / "lexicon.json").read_bytes()
    assert problems(body) == []
    (emoji,) = [word.emoji for word in parse(body).words if word.word == "solid"]
    assert art.emoji(emoji) is not None
    counter = Counter(parse(body))
    rows = (copy.root / "tests" / "senses" / "known.tsv").read_text().splitlines()
    sentences = [row.split("\t") for row in rows if row.startswith("solid\t")]
    assert len(sentences) == 4
    for word, counts, sentence in sentences:
        found = word in {counted.word for counted in counter.count(spoken(sentence))}
        assert found is (counts == "1"), sentence


def test_an_object_of_a_new_kind_is_erasable(copy: ScratchCopy) -> None:
    copy.follow("object.md")
    key = copy.run(
        "from schemas.object_kinds import LOUDNESS, erased_prefixes, kind_of\n"
        "key = LOUDNESS.key(session_id='s', window=3, sha256='0' * 64)\n"
        "assert kind_of(key) is LOUDNESS\n"
        "assert key.startswith(erased_prefixes('s'))\n"
        "print(key)"
    )
    assert key.startswith("sessions/s/loudness/000003-")
    copy.check("object_kinds")


def test_an_object_with_words_expires(copy: ScratchCopy) -> None:
    """The first one that did not lie in the folder of all others failed its own check."""
    copy.follow("object.md")
    kinds = copy.root / "schemas" / "object_kinds.py"
    before, kind, after = kinds.read_text().partition("LOUDNESS")
    kinds.write_text(before + kind + after.replace("ERASURE,", "EXPIRY,", 1))
    copy.check("object_kinds")


def follow_topic(copy: ScratchCopy) -> None:
    """The page and its command, which writes the example."""
    copy.follow("topic.md")
    assert MAKES_THE_EXAMPLE
    example = copy.run(MAKES_THE_EXAMPLE[1])
    (copy.root / MAKES_THE_EXAMPLE[2]).write_text(f"{example}\n")


def test_a_topic_has_its_event_its_example_and_its_documents(copy: ScratchCopy) -> None:
    follow_topic(copy)
    copy.generate()
    copy.check("topics", "schemas", "erasure_tables")
    channels = json.loads((copy.root / "schemas" / "generated" / "asyncapi.json").read_text())
    assert "session.cheered.v1" in channels["channels"]


def test_a_stage_reads_its_topic_and_runs_everywhere(copy: ScratchCopy) -> None:
    follow_topic(copy)
    copy.follow("stage.md")
    copy.generate()
    group = copy.run(
        "from schemas import stages, topics\n"
        "assert topics.CHEERED in stages.GATEWAY.writes\n"
        "assert stages.CHEERS.reads == (topics.CHEERED,)\n"
        "assert stages.CHEERS.writes == (topics.LETTERS,)\n"
        "print(stages.CHEERS.group)"
    )
    assert group == "lahstats-cheers"
    copy.check("stages", "erasure_tables", "alerts")
    copy.check("twice", *WHERE_IT_RUNS, only="cheers")
    copy.check("structure", only="schemas")


def test_a_card_is_in_the_deck_and_has_its_texts(copy: ScratchCopy) -> None:
    copy.follow("card.md")
    copy.generate()
    copy.check("page_texts")
    copy.run(
        "from datetime import date\n"
        "from types import SimpleNamespace as Of\n"
        "from api.wrapped.cards import quiet_days\n"
        "days = [(date(2026, 3, 1), 2), (date(2026, 3, 1), 0), (date(2026, 3, 2), 0)]\n"
        "given = Of(current=[Of(day=day, count=n) for day, n in days])\n"
        "assert quiet_days.shape(given).days == 1\n"
        "assert quiet_days.HOW"
    )


def test_every_card_is_in_the_deck() -> None:
    """A file that step 3 of card.md forgot would never be shown."""
    files = {path.stem for path in Path("api/wrapped/cards").glob("[a-z]*.py")}
    assert files - set(HOW) == set(), "add them to `HOW` of api/wrapped/story.py"
    assert files - set(Cards.model_fields) == set(), "add them to `Cards` of api/wrapped/models.py"
    assert set(HOW) | set(Cards.model_fields) == files
