"""`lahstats benchmark inputs`: odd audio files, what is right for each, and what happens.

The folder has `cases.tsv` with the columns file, declared_ms and right behaviour. Each file goes
through the gateway's own check and the workers' own decoder, both in their child processes.
"""

import asyncio
import csv
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adapters.audio.measuring import Measuring
from adapters.http.problems import HttpProblem
from consumers.audio.decoder import Decoder, Samples
from consumers.audio.placement import Placed, lay
from deploy.amounts import amount
from deploy.table_printer import markdown as table
from producers.gateway.chunk_audio import AudioCheck, ChunkAudio
from producers.gateway.chunk_request import ChunkBody, ChunkHeaders
from schemas.ids import UserId
from schemas.ranges import Ranges
from schemas.rejections import Rejected

USER = UserId("inputs")
QUIET_DB = -180.0
Words = Callable[[Samples], str]


@dataclass(frozen=True)
class Case:
    """A file, the duration that its phone declares, and the right behaviour in words."""

    file: str
    declared_ms: int
    right: str


@dataclass(frozen=True)
class Found:
    """The answer of the gateway, and what the workers have of the file. Times are ms.

    `peak_db` is the loudest sample. `words` is what the models made of it, if they were asked.
    """

    case: Case
    answer: str
    duration_ms: int = 0
    missing: Ranges = ()
    peak_db: float = QUIET_DB
    words: str = ""


def cases(folder: Path) -> list[Case]:
    """The table of the folder. Raises OSError or ValueError for another folder."""
    with (folder / "cases.tsv").open(newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    if rows and not {"file", "declared_ms", "right behaviour"} <= rows[0].keys():
        raise ValueError("cases.tsv needs the columns file, declared_ms, right behaviour")
    return [Case(row["file"], int(row["declared_ms"]), row["right behaviour"]) for row in rows]


def measure(folder: Path, words: Words | None = None) -> Iterator[Found]:
    """Each case, one after the other. Blocking."""
    decoder = Decoder()
    for case in cases(folder):
        yield _found(case, (folder / case.file).read_bytes(), decoder, words)
    decoder.close()


def _found(
    case: Case,
    content: bytes,
    decoder: Decoder,
    words: Words | None,
) -> Found:
    try:
        audio = asyncio.run(_checked(case, content))
    except HttpProblem as problem:
        return Found(case, f"{problem.status} {problem.type}")
    try:
        decoded = decoder.decode(content)
    except Rejected as error:
        return Found(case, f"201, then {error.reason}", audio.duration_ms)
    placed = Placed(0, 0, audio.duration_ms, *decoded.placed(audio.duration_ms))
    samples, missing = lay([placed], 0, audio.duration_ms)
    said = words(samples) if words else ""
    return Found(case, "201", audio.duration_ms, missing, _peak_db(samples), said)


def _peak_db(samples: Samples) -> float:
    """The loudest sample, dBFS; QUIET_DB at least."""
    least = 10 ** (QUIET_DB / 20)
    peak = max(float(np.abs(samples).max(initial=0)), least)
    peak_db = 20 * float(np.log10(peak))
    return round(peak_db, 1)


async def _checked(case: Case, content: bytes) -> ChunkAudio:
    measuring = Measuring(1)
    body = ChunkBody(content, hashlib.sha256(content).hexdigest())
    try:
        return await AudioCheck(measuring).measured(
            USER, ChunkHeaders(0, 0, case.declared_ms), body
        )
    finally:
        await measuring.close()


def models() -> Words:
    """Says how many speakers and words the product's own models find, and the words. Blocking."""
    from adapters.settings import Settings
    from deploy.benchmark.in_process import Stages

    stages = Stages(Settings())

    def found(samples: Samples) -> str:
        outcome = stages.run(samples)
        speakers = {turn.speaker for turn in outcome.turns.turns}
        text = " ".join(word.text for word in outcome.words)
        people = amount(len(speakers), "speaker", "speakers")
        return f"{people}, {amount(len(outcome.words), 'word', 'words')}: {text[:60]}"

    return found


def markdown(found: Sequence[Found]) -> list[str]:
    """Return the lines of a table."""
    head = ("file", "declared s", "right", "answer", "heard s", "missing s", "peak dB", "models")
    return table(head, map(_row, found))


def _row(found: Found) -> tuple[str, ...]:
    case = found.case
    missing = ", ".join(f"{start / 1000:g} to {end / 1000:g}" for start, end in found.missing)
    return (
        case.file,
        f"{case.declared_ms / 1000:g}",
        case.right,
        found.answer,
        f"{found.duration_ms / 1000:g}",
        missing,
        f"{found.peak_db:g}",
        found.words,
    )
