"""Chapter 8. To change something: the pages of `docs/how-to`, followed step by step on a copy."""

import json
import re
from datetime import date
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from api import art
from api.answers import Answer
from api.wrapped import card_models
from api.wrapped.models import Cards
from api.wrapped.story import HOW
from deploy.cli.text_counts import spoken
from schemas.lexicon_checks import parse, problems
from streams.tally.counter import Counter
from tests.guide.how_to import PAGES, Copy, python_blocks

MAKES_THE_EXAMPLE = re.search(r"-c '(.*)'$", (PAGES / "topic.md").read_text(), re.MULTILINE)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A copy to try a page on."""
    return Copy.of(tmp_path)


def test_a_word_with_two_senses_is_counted_in_one_of_them(copy: Copy) -> None:
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


def test_an_object_of_a_new_kind_is_erasable(copy: Copy) -> None:
    copy.follow("object.md")
    key = copy.run(
        "from schemas.object_kinds import LOUDNESS, kind_of\n"
        "from schemas.object_kinds import erased_prefixes\n"
        "key = LOUDNESS.key(session_id='s', window=3, sha256='0' * 64)\n"
        "assert kind_of(key) is LOUDNESS\n"
        "assert key.startswith(erased_prefixes('s'))\n"
        "print(key)"
    )
    assert key.startswith("sessions/s/loudness/000003-")


def test_a_topic_has_its_event_its_example_and_its_documents(copy: Copy) -> None:
    copy.follow("topic.md")
    assert MAKES_THE_EXAMPLE
    example = json.loads(copy.run(MAKES_THE_EXAMPLE[1]))
    assert example["type"] == "SessionCheered"
    (copy.root / "example.json").write_text(json.dumps(example))
    channels = copy.run(
        "from pathlib import Path\n"
        "from schemas import codec, documents, erasure, topics\n"
        "event = codec.decode(topics.CHEERED, Path('example.json').read_bytes())\n"
        "assert event.by == 'user-2'\n"
        "assert set(erasure.TOPICS) == set(topics.BY_NAME)\n"
        "print(*documents.asyncapi()['channels'])"
    )
    assert "session.cheered.v1" in channels.split()


def test_a_stage_reads_its_topic(copy: Copy) -> None:
    copy.follow("topic.md")
    copy.follow("stage.md")
    group = copy.run(
        "from schemas import stages, topics\n"
        "assert topics.CHEERED in stages.GATEWAY.writes\n"
        "cheers = stages.BY_NAME['cheers']\n"
        "assert cheers.reads == (topics.CHEERED,)\n"
        "assert cheers.writes == (topics.LETTERS,)\n"
        "print(cheers.group)"
    )
    assert group == "lahstats-cheers"


def test_a_card_is_a_model_and_a_pure_function(monkeypatch: pytest.MonkeyPatch) -> None:
    model, card = python_blocks("card.md")
    names: dict[str, object] = {"Answer": Answer}
    exec(model, names)  # noqa: S102
    monkeypatch.setattr(card_models, "QuietDays", names["QuietDays"], raising=False)
    module = ModuleType("quiet_days")
    exec(card, vars(module))  # noqa: S102
    days = [(date(2026, 3, 1), 2), (date(2026, 3, 1), 0), (date(2026, 3, 2), 0)]
    given = SimpleNamespace(current=[SimpleNamespace(day=day, count=n) for day, n in days])
    assert module.shape(given).days == 1
    assert module.HOW


def test_every_card_is_in_the_deck() -> None:
    """A file that step 3 of card.md forgot would never be shown."""
    files = {path.stem for path in Path("api/wrapped/cards").glob("[a-z]*.py")}
    assert files == set(HOW) == set(Cards.model_fields)
