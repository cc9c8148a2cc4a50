"""`lahstats benchmark speech`: each word that is not shown has one cause."""

import json
from collections import Counter
from pathlib import Path

from deploy.benchmark import losses as of
from deploy.benchmark.in_process import Outcome
from deploy.benchmark.losses import losses
from schemas.ids import SpeakerLabel
from schemas.objects import AttributedWord, Candidate, Turns
from streams.tally.counter import Counted, Why

NOBODY = Turns(turns=(), exclusive=(), voiceprints=(), next_label=1)
TALK = ["Can lah.", "Shiok sia.", "Very atas leh."]
"""Sentences of four seconds each, by A, B and A."""


def recording(folder: Path) -> Path:
    sentences = [
        {"start": 10.0 * n, "end": 10.0 * n + 4, "speaker": "AB"[n % 2], "text": text}
        for n, text in enumerate(TALK)
    ]
    (folder / "talk.json").write_text(json.dumps({"segments": sentences, "counted": {}}))
    return folder / "talk.flac"


def count(word: str, speaker: str, at_s: float, *, maybe: bool = False) -> Counted:
    return Counted(word, SpeakerLabel(speaker), int(at_s * 1000), 0.9, Why.EXACT, maybe)


def written(text: str, at_s: float, *candidates: Candidate) -> AttributedWord:
    start_ms = int(at_s * 1000)
    return AttributedWord(
        text=text,
        start_ms=start_ms,
        end_ms=start_ms + 300,
        probability=0.9,
        speaker=SpeakerLabel("S1"),
        candidates=candidates,
    )


def lost(folder: Path, counted: list[Counted], words: list[AttributedWord]) -> Counter[str]:
    outcome = Outcome(30.0, NOBODY, (tuple(words),), counted)
    return losses(recording(folder), outcome, 0.0)


EVERY = [
    count("can", "S1", 0.0),
    count("lah", "S1", 2.0),
    count("shiok", "S2", 10.0),
    count("sia", "S2", 12.0),
    count("atas", "S1", 21.3),
    count("leh", "S1", 22.6),
]


def test_nothing_is_lost_where_all_is_shown(tmp_path: Path) -> None:
    assert lost(tmp_path, EVERY, []) == Counter()


def test_each_has_its_cause(tmp_path: Path) -> None:
    shown = [EVERY[0], EVERY[1], count("shiok", "S2", 10.0), count("sia", "S2", 12.0, maybe=True)]
    moved = [count("atas", "S2", 21.3)]
    law = written("law.", 22.6, Candidate(spelling="leh", nats=-9.0))
    assert lost(tmp_path, [*shown, *moved], [law]) == {of.MAYBE: 1, of.SPEAKER: 1, of.REFUSED: 1}
    assert lost(tmp_path, EVERY[:5], [written("left.", 22.6)]) == {of.OTHER: 1}
    assert lost(tmp_path, EVERY[:5], [written("lei", 22.6)]) == {of.SENSE: 1}
    assert lost(tmp_path, EVERY[:5], [written("far", 25.0)]) == {of.NOTHING: 1}


def test_a_count_is_taken_once(tmp_path: Path) -> None:
    twice = [*EVERY[:3], EVERY[3], EVERY[4], EVERY[4]]
    assert lost(tmp_path, twice, []).total() == 1
