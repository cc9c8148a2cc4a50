"""`lahstats benchmark real`: the unknown stays unknown, and false counts are pooled by the hour."""

import json
from pathlib import Path

import pytest

from deploy.benchmark.in_process import Outcome
from deploy.benchmark.real_recordings import Said, compared, recordings, said
from deploy.benchmark.real_report import document, markdown
from schemas.ids import SpeakerLabel
from schemas.objects import AttributedWord, Turn, Turns
from streams.tally.counter import Counted, Why

S1 = SpeakerLabel("S1")


def outcome(*words: str, maybe: str = "") -> Outcome:
    """A minute in which one speaker says `words` and, maybe, one more."""
    turns = (Turn(speaker=S1, start_ms=0, end_ms=60_000),)
    found = [
        Counted(word, S1, n * 1_000, 0.9, Why.EXACT, maybe=word == maybe)
        for n, word in enumerate([*words, *([maybe] if maybe else [])])
    ]
    written = AttributedWord(text="Hello?", start_ms=0, end_ms=9, probability=1.0, speaker=S1)
    whole = Turns(turns=turns, exclusive=turns, voiceprints=(), next_label=2)
    return Outcome(60.0, whole, ((written,),), found, {"transcribe": 6.0})


def recording(folder: Path, name: str, **truth: object) -> Path:
    """A recording whose truth is known as far as `truth` says. Its sound is not read."""
    audio = folder / f"{name}.flac"
    audio.touch()
    audio.with_suffix(".json").write_text(json.dumps({"kind": "talk", **truth}))
    return audio


def test_a_word_that_nobody_said_is_a_false_count_of_its_language(tmp_path: Path) -> None:
    english = recording(tmp_path, "a", language="en", speakers=1, counted=["lah"])
    mandarin = recording(tmp_path, "b", language="zh", speakers=2, counted=[])
    unknown = recording(tmp_path, "c", language="Manglish", counted=None)
    assert recordings(tmp_path) == [english, mandarin, unknown]
    runs = [
        compared(english, outcome("lah", "lah", maybe="sian")),
        compared(mandarin, outcome("hor")),
        compared(unknown, outcome("lor")),
    ]
    found = json.loads(json.dumps(document(runs)))
    files = found["files"]
    assert [one["counted"] for one in files] == [{"lah": 2}, {"hor": 1}, {"lor": 1}]
    assert [one["false"] for one in files] == [{"lah": 1}, {"hor": 1}, None]
    assert files[0]["maybe"] == {"sian": 1}
    assert [(one["speakers"], one["found"]) for one in files] == [(1, 1), (2, 1), (None, 1)]
    assert {(one["der"], one["wer"]) for one in files} == {(None, None)}
    per_hour = {name: one["false_per_hour"] for name, one in found["languages"].items()}
    assert per_hour == {"en": 60.0, "zh": 60.0, "Manglish": None}
    [manglish] = [line for line in markdown(runs) if line.startswith("| language Manglish")]
    assert "| ? |" in manglish
    assert (found["all"]["false_counts"], found["all"]["false_per_hour"]) == (2, 60.0)


def test_turns_and_words_are_compared_where_they_are_known(tmp_path: Path) -> None:
    audio = recording(tmp_path, "a", language="en", speakers=1, counted=[])
    line = "SPEAKER a 1 0.000 60.000 <NA> <NA> MEO1 <NA> <NA>\n"
    audio.with_suffix(".rttm").write_text(line)
    words = "start\tend\tspeaker\ttext\n0.0\t0.5\tA\tHello there\n"
    audio.with_suffix(".words.tsv").write_text(words)
    run = compared(audio, outcome())
    assert (run.der, run.wer) == (0.0, 50.0)


@pytest.mark.parametrize(
    "written", [["lah", "lah", "lor"], {"lah": 2, "lor": 1}, {"A": {"lah": 2}, "B": {"lor": 1}}]
)
def test_the_truth_is_written_in_three_ways(written: Said) -> None:
    assert said(written) == {"lah": 2, "lor": 1}


def test_a_folder_without_recordings_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=str(tmp_path)):
        recordings(tmp_path)
