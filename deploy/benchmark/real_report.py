"""Runs of `lahstats benchmark real` as one document and as tables."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from deploy.benchmark.real_recordings import RealRun
from deploy.benchmark.reports import commit, grouped, models_of
from deploy.table_printer import markdown as table

BLOCK = "real recordings"
COLUMNS = (
    "recording",
    "kind",
    "language",
    "s",
    "DER %",
    "speakers (found)",
    "WER %",
    "counted",
    "of them false",
    "maybe",
    "s of work a second",
)
POOLED_COLUMNS = (
    "recordings",
    "minutes",
    "mean DER %",
    "right number of speakers",
    "false counts",
    "an hour",
    "s of work a second",
)
UNKNOWN = "?"
HEAD = """Written by `lahstats benchmark real FOLDER --page docs/accuracy.md` at commit {commit}:
whisper `{whisper}`, diarization `{diarization}`, lexicon {lexicon}, device `{device}`.
{known} of {all} recordings are known to the word.
The others are {unknown}, and nobody has checked their counts word by word."""


@dataclass(frozen=True)
class Pooled:
    """Some recordings as one. Rates are None where nothing is known to compare with.

    `false_per_hour` is of the recordings whose truth is known, which are `known_s` seconds.
    """

    recordings: int
    seconds: float
    known_s: float
    der: float | None
    speakers_known: int
    speakers_right: int
    false_counts: int
    false_per_hour: float | None
    work_per_s: float


def document(runs: Sequence[RealRun]) -> dict[str, object]:
    """Return all figures as JSON values."""
    ordered = sorted(runs, key=_by_name)
    languages = _groups(runs, _language)
    kinds = _groups(runs, _kind)
    return {
        "files": [asdict(run) for run in ordered],
        "languages": {language: asdict(figures) for language, figures in languages.items()},
        "kinds": {kind: asdict(figures) for kind, figures in kinds.items()},
        "all": asdict(pooled(runs)),
    }


def markdown(runs: Sequence[RealRun]) -> list[str]:
    """Return a table of recordings, and one of languages and kinds."""
    rows = map(_row, sorted(runs, key=_by_name))
    recordings = table(COLUMNS, rows)
    groups = table(POOLED_COLUMNS, _pooled_rows(runs))
    return [*recordings, "", *groups]


def block(runs: Sequence[RealRun]) -> str:
    """Return the text of the page's block: the settings, what is not known, and the tables."""
    settings = Settings()
    models = models_of(settings)
    known = sum(run.false is not None for run in runs)
    head = HEAD.format(
        commit=commit(),
        whisper=models.whisper,
        diarization=models.diarization,
        lexicon=shipped_lexicon().version,
        device=settings.device,
        known=known,
        all=len(runs),
        unknown=len(runs) - known,
    )
    return "\n".join([head, "", *markdown(runs)])


def pooled(runs: Sequence[RealRun]) -> Pooled:
    """Return the recordings as one. DER is averaged: recordings are of different lengths."""
    known = [run for run in runs if run.false is not None]
    ders = [run.der for run in runs if run.der is not None]
    with_speakers = [run for run in runs if run.speakers is not None]
    seconds = sum(run.seconds for run in runs)
    work_s = sum(run.work_s for run in runs)
    known_s = sum(run.seconds for run in known)
    false = sum(_false(run) for run in known)
    false_per_hour = None
    if known_s:
        false_per_hour = round(3600 * false / known_s, 1)
    return Pooled(
        recordings=len(runs),
        seconds=round(seconds, 1),
        known_s=round(known_s, 1),
        der=_mean(ders),
        speakers_known=len(with_speakers),
        speakers_right=sum(run.speakers == run.found for run in with_speakers),
        false_counts=false,
        false_per_hour=false_per_hour,
        work_per_s=round(work_s / max(1.0, seconds), 3),
    )


def _false(run: RealRun) -> int:
    """How many counts are false; 0 where nobody knows."""
    return sum(run.false.values()) if run.false else 0


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 2) if values else None


def _by_name(run: RealRun) -> str:
    return run.name


def _language(run: RealRun) -> str:
    return run.language


def _kind(run: RealRun) -> str:
    return run.kind


def _groups(runs: Sequence[RealRun], name_of: Callable[[RealRun], str]) -> dict[str, Pooled]:
    """The figures of the recordings of each name: of each language, or of each kind."""
    groups = grouped(runs, name_of)
    return {name: pooled(of_name) for name, of_name in groups.items()}


def _row(run: RealRun) -> Iterable[object]:
    return (
        run.name,
        run.kind,
        run.language,
        f"{run.seconds:.0f}",
        _shown(run.der),
        f"{_shown(run.speakers)} ({run.found})",
        _shown(run.wer),
        _words(run.counted),
        UNKNOWN if run.false is None else _false(run),
        _words(run.maybe),
        f"{run.work_s / run.seconds:.2f}",
    )


def _pooled_rows(runs: Sequence[RealRun]) -> Iterator[Iterable[object]]:
    for language, figures in _groups(runs, _language).items():
        yield _pooled_row(f"language {language}", figures)
    for kind, figures in _groups(runs, _kind).items():
        yield _pooled_row(f"kind: {kind}", figures)
    yield _pooled_row("all", pooled(runs))


def _pooled_row(name: str, figures: Pooled) -> Iterable[object]:
    return (
        name,
        f"{figures.seconds / 60:.1f}",
        _shown(figures.der),
        f"{figures.speakers_right} of {figures.speakers_known}",
        figures.false_counts if figures.known_s else UNKNOWN,
        _shown(figures.false_per_hour),
        f"{figures.work_per_s:.2f}",
    )


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _words(counts: dict[str, int]) -> str:
    shown: list[str] = []
    for word, count in counts.items():
        shown.append(word if count == 1 else f"{word} x{count}")
    return ", ".join(shown)
