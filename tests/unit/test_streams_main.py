"""The worker of streams can be made, and runs every fold that has a changelog topic."""

from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from schemas.fact_sheet import SESSION_PARTITIONS
from schemas.stage_names import FOLDS
from streams.main import build, folds, rules_of, worker_of
from tests.memory_blob_store import MemoryBlobStore

LEXICON = shipped_lexicon()
RULES = rules_of(Settings(), LEXICON)
HOSTED = folds(MemoryBlobStore(), lambda: 0, RULES.window_ms, LEXICON, RULES)


def test_the_folds_are_those_whose_changelogs_are_created() -> None:
    assert tuple(fold.name for fold in HOSTED) == FOLDS


def test_all_topics_of_a_fold_have_one_key_and_one_number_of_partitions() -> None:
    for fold in HOSTED:
        assert len({topic.key for topic in fold.role.reads}) == 1
        assert {topic.partitions for topic in fold.role.reads} == {SESSION_PARTITIONS}


def test_a_worker_is_made_with_one_json_log() -> None:
    """Its arguments are those that this version of Faust takes."""
    app = build()
    [handler] = app.conf.loghandlers
    assert worker_of(app).loghandlers == [handler]
