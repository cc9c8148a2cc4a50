"""`lahstats benchmark languages`: recordings of one language, each judged by the others."""

from pathlib import Path

import msgspec
import pytest

from consumers.transcribe.language import ALWAYS, HEARD, UNDERSTOOD
from deploy.benchmark.languages import (
    Segment,
    document,
    judged,
    language,
    markdown,
    recordings,
    weights,
)


def recording(folder: Path, name: str, language: str) -> Path:
    path = folder / f"{name}.flac"
    path.touch()
    path.with_suffix(".json").write_bytes(msgspec.json.encode({"language": language}))
    return path


def segments(recording: str, heard: float, understood: float, *, english: bool) -> list[Segment]:
    return [Segment(recording, english, 12, heard + n / 1000, understood) for n in range(6)]


LOCAL = segments("call", 0.03, 0.8, english=True)
ABROAD = segments("meeting", 0.97, 0.7, english=True)
READ = segments("read", 0.1, 0.85, english=True)
MALAY = segments("khutbah", 0.003, 0.2, english=False)
MANDARIN = segments("news", 0.001, 0.35, english=False)
EVERY = [*LOCAL, *ABROAD, *READ, *MALAY, *MANDARIN]


def test_an_accent_is_no_language_and_two_languages_are_none(tmp_path: Path) -> None:
    known = [recording(tmp_path, "a", "en-SG"), recording(tmp_path, "b", "zh")]
    for name, of in (("c", "en+zh"), ("d", "none"), ("e", "unknown"), ("f", "Manglish")):
        recording(tmp_path, name, of)
    (tmp_path / "g.flac").touch()
    assert recordings([tmp_path]) == known
    assert [language(path) for path in known] == ["en", "zh"]
    with pytest.raises(ValueError, match="says its language"):
        recordings([tmp_path / "nowhere"])


def test_each_recording_is_judged_without_itself() -> None:
    kept = judged(EVERY)
    assert len(kept) == len(EVERY)
    assert all(one.held_out > 0.5 for one in kept if one.is_english)
    assert all(one.held_out < 0.5 for one in kept if not one.is_english)
    by_others = weights([one for one in EVERY if one.recording != "call"])
    assert by_others != pytest.approx(weights(EVERY))


def test_sound_and_text_lose_less_than_sound_alone() -> None:
    found = document(judged(EVERY))
    assert found["segments"] == {"English": 18, "others": 12}
    alone, both = found["ways"].values()  # type: ignore[attr-defined]
    assert both["log loss"] < alone["log loss"] / 2
    assert alone["English under even odds"] == pytest.approx(2 / 3, abs=0.001)
    assert both["English under even odds"] == 0
    assert len(markdown(judged(EVERY))) == 2 + 2


def test_the_weights_of_the_product_speak_for_english_where_it_is_heard_and_understood() -> None:
    assert min(ALWAYS, HEARD, UNDERSTOOD) > 0
    assert len(weights(EVERY)) == len((ALWAYS, HEARD, UNDERSTOOD))
