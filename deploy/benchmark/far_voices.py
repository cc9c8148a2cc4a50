"""`lahstats benchmark far`: one speaker further and further away, in rooms with noise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path
from statistics import fmean

import jiwer
import msgspec
import numpy as np
from pyannote.core import Annotation

from adapters.settings import Settings
from consumers.audio.decoder import Samples
from consumers.cluster.identification import joined, speakers
from consumers.cluster.levels import faint
from consumers.cluster.utterance_voices import utterance_voices
from deploy.benchmark.in_process import (
    loaded_clusters,
    loaded_diarizer,
    loaded_transcriber,
    read,
    transcribed,
    voices,
)
from deploy.benchmark.recordings import truth_beside
from deploy.benchmark.rooms import ROOMS, further_away, noise
from deploy.benchmark.scoring import plain_words, reference
from deploy.benchmark.speech import recordings
from deploy.benchmark.turn_errors import error_rate, spoken_turns
from deploy.table_printer import markdown as table_of
from schemas.audio import SAMPLE_RATE

AWAY_DB = (0.0, 12.0, 18.0, 24.0)


class Spoken(msgspec.Struct, frozen=True):
    """Words of the truth, and who says them."""

    text: str
    speaker: str


class Script(msgspec.Struct, frozen=True):
    """NAME.json beside a recording, as far as it is needed here."""

    segments: list[Spoken]
    voices: dict[str, str] = {}


@dataclass(frozen=True)
class Far:
    """One recording in one room, with one speaker `away_db` under the others.

    `recall`: the share of that speaker's words that were recognised; `others`: that of all others'.
    `found`: how many speakers. `named`: somebody is told to be faint.
    """

    recording: str
    room: str
    away_db: float
    recall: float
    others: float
    der: float
    found: int
    named: bool


@dataclass(frozen=True)
class _Said:
    """A recording: its samples, its turns, its words and the speaker of each of them.

    `far` is the speaker who goes away: the one with the least words.
    """

    name: str
    samples: Samples
    truth: Annotation
    words: list[str]
    speakers: list[str]
    names: dict[str, str]

    @property
    def far(self) -> str:
        return min(sorted(set(self.speakers)), key=self.speakers.count)


def measure(folder: Path) -> Iterator[Far]:
    """Yield each recording of `folder` in each room at each distance. Blocking: models run."""
    stages = _Stages(Settings())
    every = [_said(path) for path in recordings(folder)]
    talk = [said.samples for said in every]
    for said, room, away_db in product(every, ROOMS, AWAY_DB):
        far = further_away(said.samples, said.truth, said.names[said.far], away_db)
        samples = far + noise(room, len(far), talk, np.random.default_rng(1))
        yield stages.run(said, samples, room, away_db)


class _Stages:
    """The product's stages. Loading takes seconds."""

    def __init__(self, settings: Settings) -> None:
        self._transcriber = loaded_transcriber(settings)
        self._diarizer = loaded_diarizer(settings)
        self._clustering = loaded_clusters(settings)
        self._window_ms = settings.window_ms

    def run(self, said: _Said, samples: Samples, room: str, away_db: float) -> Far:
        """`samples` are `said` in the room. Blocking."""
        parts = voices(self._diarizer, samples, self._window_ms)
        heard = joined(parts, self._diarizer.grid)
        turns = speakers(self._clustering, heard)
        utterances = utterance_voices(heard.utterances, turns.voiceprints)
        windows = transcribed(self._transcriber, samples, self._window_ms)
        written = [word.text for word in chain.from_iterable(windows)]
        right = _right(said.words, written)
        others = set(said.speakers) - {said.far}
        length_s = len(samples) / SAMPLE_RATE
        return Far(
            recording=said.name,
            room=room,
            away_db=away_db,
            recall=_share(right, said.speakers, {said.far}),
            others=_share(right, said.speakers, others),
            der=100 * error_rate(said.truth, spoken_turns(turns.turns), length_s),
            found=len({turn.speaker for turn in turns.turns}),
            named=bool(faint(utterances, turns.turns)),
        )


def _said(path: Path) -> _Said:
    script = truth_beside(path, Script)
    words: list[str] = []
    speakers: list[str] = []
    for segment in script.segments:
        plain = plain_words([segment.text])
        words += plain
        speakers += [segment.speaker] * len(plain)
    names = {speaker: script.voices.get(speaker, speaker) for speaker in set(speakers)}
    return _Said(
        name=path.stem,
        samples=read(path),
        truth=reference(path),
        words=words,
        speakers=speakers,
        names=names,
    )


def _right(words: Sequence[str], written: Sequence[str]) -> set[int]:
    """The numbers of the words that were recognised."""
    true_text = " ".join(words)
    written_text = " ".join(plain_words(written))
    [parts] = jiwer.process_words(true_text, written_text).alignments
    right: set[int] = set()
    for part in parts:
        if part.type == "equal":
            right.update(range(part.ref_start_idx, part.ref_end_idx))
    return right


def _share(right: set[int], speakers_of: Sequence[str], wanted: set[str]) -> float:
    """The share of the words of some speakers that were recognised."""
    said = 0
    recognised = 0
    for number, speaker in enumerate(speakers_of):
        if speaker in wanted:
            said += 1
            recognised += number in right
    return recognised / max(1, said)


def markdown(found: Sequence[Far]) -> list[str]:
    """Return the table of a report: the mean of all recordings, by room and distance."""
    head = (
        "room",
        "far speaker, dB",
        "recall",
        "recall of others",
        "DER %",
        "speakers as near",
        "named",
    )
    return table_of(head, [_row(found, *case) for case in product(ROOMS, AWAY_DB)])


def _row(found: Sequence[Far], room: str, away_db: float) -> tuple[str, ...]:
    own = [one for one in found if one.room == room and one.away_db == away_db]
    nearest = {one.recording: one.found for one in found if one.away_db == 0}
    as_near = sum(one.found == nearest[one.recording] for one in own)
    named = sum(one.named for one in own)
    return (
        room,
        f"{away_db:.0f}",
        f"{fmean(one.recall for one in own):.2f}",
        f"{fmean(one.others for one in own):.2f}",
        f"{fmean(one.der for one in own):.1f}",
        f"{as_near} of {len(own)}",
        f"{named} of {len(own)}",
    )
