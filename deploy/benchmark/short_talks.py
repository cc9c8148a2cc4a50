"""`lahstats benchmark tables`: who spoke in short talks of several people, against the truth."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from statistics import fmean

from pyannote.core import Segment

from adapters.settings import Settings
from consumers.cluster.clips import choose_clips
from consumers.cluster.identification import joined, speakers
from consumers.cluster.possible_hints import possible_hints
from consumers.cluster.utterance_voices import utterance_voices
from consumers.voices.clustering import Clustering
from consumers.voices.diarization import Voices
from consumers.voices.utterances import NONE
from deploy.benchmark.in_process import loaded_clusters, loaded_diarizer, voices
from deploy.benchmark.made_up_tables import Table, bank_of, tables
from deploy.benchmark.turn_errors import error_rate, spoken_turns
from deploy.table_printer import markdown as table_of
from schemas.audio import SAMPLE_RATE
from schemas.objects import Turns

PEOPLE = (3, 4, 5, 6)
LENGTH_S = 45.0


@dataclass(frozen=True)
class Talk:
    """One talk of `people`: DER in per cent and speakers found.

    `plain` clusters local speakers alone, without utterances. `hinted` knows how many people talk.
    `asks`: people are asked how many they were; `offered`: the right number is among the answers.
    `clips` were chosen; in `pure` of them nobody else speaks for a tenth of a second.
    """

    people: int
    plain_der: float
    plain_found: int
    der: float
    found: int
    hinted_der: float
    hinted_found: int
    asks: bool
    offered: bool
    clips: int
    pure: int


def measure(folder: Path, each: int) -> Iterator[Talk]:
    """Yield `each` made-up talks for each number of people, of the voices of `folder`."""
    diarizer = loaded_diarizer(Settings())
    clustering = loaded_clusters(Settings())
    for table in tables(bank_of(folder), PEOPLE, each, LENGTH_S):
        parts = voices(diarizer, table.samples, Settings().window_ms)
        yield _talk(clustering, table, joined(parts, diarizer.grid))


def _talk(clustering: Clustering, table: Table, heard: Voices) -> Talk:
    plain = speakers(clustering, replace(heard, utterances=NONE))
    found = speakers(clustering, heard)
    hinted = speakers(clustering, heard, table.people)
    asked = possible_hints(clustering.possible_speakers(heard))
    spans = _clips(found, heard)
    return Talk(
        people=table.people,
        plain_der=_der(table, plain),
        plain_found=_number(plain),
        der=_der(table, found),
        found=_number(found),
        hinted_der=_der(table, hinted),
        hinted_found=_number(hinted),
        asks=bool(asked),
        offered=table.people in {hint.speakers for hint in asked},
        clips=len(spans),
        pure=sum(_is_pure(table, span) for span in spans),
    )


def _clips(found: Turns, heard: Voices) -> list[Segment]:
    utterances = utterance_voices(heard.utterances, found.voiceprints)
    chosen = choose_clips(found, utterances)
    spans = chain.from_iterable(chosen.values())
    return [Segment(start_ms / 1000, end_ms / 1000) for start_ms, end_ms in spans]


def _is_pure(table: Table, span: Segment) -> bool:
    """Whether all but one speaker have less than 0.1 s of the span."""
    lengths_s = [length_s for _, length_s in table.truth.crop(span).chart()]
    of_others_s = sum(lengths_s[1:])
    return bool(of_others_s < 0.1)


def _der(table: Table, found: Turns) -> float:
    length_s = len(table.samples) / SAMPLE_RATE
    return 100 * error_rate(table.truth, spoken_turns(found.turns), length_s)


def _number(found: Turns) -> int:
    return len({turn.speaker for turn in found.turns})


def markdown(talks: Sequence[Talk]) -> list[str]:
    """Return the table of a report: a row for each number of people, and one for all."""
    rows: list[tuple[str, ...]] = []
    for number in PEOPLE:
        own = [talk for talk in talks if talk.people == number]
        rows.append(_row(str(number), own))
    head = (
        "people",
        "talks",
        "DER % of pyannote's clustering (right number)",
        "DER % (right number)",
        "DER % with the hint (right number)",
        "asked (right number offered)",
        "clips (one voice alone)",
    )
    return table_of(head, [*rows, _row("all", talks)])


def _row(name: str, talks: Sequence[Talk]) -> tuple[str, ...]:
    plain = [(talk.plain_der, talk.plain_found == talk.people) for talk in talks]
    shipped = [(talk.der, talk.found == talk.people) for talk in talks]
    hinted = [(talk.hinted_der, talk.hinted_found == talk.people) for talk in talks]
    asks = sum(talk.asks for talk in talks)
    offered = sum(talk.offered for talk in talks)
    clips = sum(talk.clips for talk in talks)
    pure = sum(talk.pure for talk in talks)
    return (
        name,
        str(len(talks)),
        _cell(plain),
        _cell(shipped),
        _cell(hinted),
        f"{asks} ({offered})",
        f"{clips} ({pure})",
    )


def _cell(results: Sequence[tuple[float, bool]]) -> str:
    """The mean of the error rates, and how often the number of people was right."""
    mean = fmean(der for der, _ in results)
    right = sum(is_right for _, is_right in results)
    return f"{mean:.1f} ({right})"
