"""Runs of the speech benchmark as one document and as tables."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from deploy.benchmark.losses import CAUSES
from deploy.benchmark.reports import commit, grouped, models_of
from deploy.benchmark.scoring import Hits, Score, pooled
from deploy.benchmark.speech import Run
from deploy.table_printer import markdown as table

STAGES = ("transcribe", "diarize", "cluster")
COLUMNS = (
    "recording",
    "runs",
    "DER %",
    "speakers (found)",
    "true",
    "counted",
    "right",
    "P",
    "R",
    "F1",
    "WER %",
    "RTF transcribe",
    "RTF diarize",
)
WORD_COLUMNS = ("word", "said", "counted", "right", "recall", "false counts")
LOSS_COLUMNS = ("why a word that was said is not shown", "words", "of 100 that were said")
RULE_COLUMNS = ("rule", "right counts gained", "false counts it costs", "F1 without it")

BLOCK = "made recordings"
HEAD = """Written by `make accuracy` at commit {commit}: whisper `{whisper}`, diarization
`{diarization}` (step {step} s), lexicon {lexicon}, windows of {window:.0f} s, device `{device}`,
each recording at {offsets} start offsets.

A count is right when the word was said by that speaker. Speakers are matched one to one in the way
that is best for the product. Each pair of speaker and word is right as often as both have it.
DER: collar 0, overlap scored. Figures of `all` are pooled, not averaged. RTF: the processor's
seconds for a second of audio; with an accelerator, those of a clock. Other recordings:
`lahstats benchmark speech DIR --offsets 5`."""


@dataclass(frozen=True)
class Figures:
    """Some runs as one: rates in percent (DER, WER) or from 0 to 1, counts summed over the runs.

    `rtf` is seconds of work for a second of audio, by stage.
    """

    name: str
    runs: int
    der: float
    precision: float
    recall: float
    f1: float
    wer: float
    true: int
    counted: int
    right: int
    speakers: int
    found: int
    rtf: dict[str, float]
    words: dict[str, Hits]


@dataclass(frozen=True)
class Report:
    """Figures of each recording, and of all of them together."""

    recordings: list[Figures]
    total: Figures


def report(runs: Sequence[Run]) -> Report:
    """Return all figures, each summed over the offsets."""
    by_name = grouped(runs, lambda run: run.score.name)
    recordings = [_figures(name, some) for name, some in by_name.items()]
    return Report(recordings, _figures("all", runs))


def document(runs: Sequence[Run]) -> dict[str, object]:
    """Return the report as JSON values."""
    found = report(runs)
    return {
        "recordings": [asdict(one) for one in found.recordings],
        "all": asdict(found.total),
        "lost": causes(runs),
    }


def documents(runs: Mapping[str, Sequence[Run]]) -> list[dict[str, object]]:
    """Return the figures of each of several ways as JSON values."""
    return [asdict(one) for one in _each(runs)]


def _each(runs: Mapping[str, Sequence[Run]]) -> list[Figures]:
    return [_figures(name, some) for name, some in runs.items()]


def _figures(name: str, runs: Sequence[Run]) -> Figures:
    score = pooled([run.score for run in runs])
    return Figures(
        name=name,
        runs=len(runs),
        der=round(score.der, 4),
        precision=round(score.precision, 4),
        recall=round(score.recall, 4),
        f1=round(score.f1, 4),
        wer=round(score.wer, 4),
        true=score.true,
        counted=score.counted,
        right=score.right,
        speakers=score.speakers,
        found=score.found,
        rtf={stage: _rtf(runs, stage) for stage in STAGES},
        words=score.by_word,
    )


def _rtf(runs: Sequence[Run], stage: str) -> float:
    work_s = sum(run.work_s[stage] for run in runs)
    audio_s = sum(run.duration_s for run in runs)
    return round(work_s / audio_s, 4)


def markdown(runs: Sequence[Run]) -> list[str]:
    """Return four tables: recordings, words, causes of losses, and the gain of each rule."""
    found = report(runs)
    total = found.total
    recordings = [_row(one) for one in (*found.recordings, total)]
    words = [_word(word, hits) for word, hits in total.words.items()]
    losses = [_loss(cause, number, total.true) for cause, number in causes(runs).items()]
    return [
        *table(COLUMNS, recordings),
        "",
        *table(WORD_COLUMNS, words),
        "",
        *table(LOSS_COLUMNS, losses),
        "",
        *rules(runs),
    ]


def causes(runs: Sequence[Run]) -> dict[str, int]:
    """Return the words that are not shown, by cause, summed over all runs."""
    lost: Counter[str] = Counter()
    for run in runs:
        lost.update(run.lost)
    return {cause: lost[cause] for cause in CAUSES}


def rules(runs: Sequence[Run]) -> list[str]:
    """Return the gain of each rule: counts that are lost or false when it is not there."""
    return table(RULE_COLUMNS, _rule_rows(runs))


def _rule_rows(runs: Sequence[Run]) -> Iterator[tuple[str, ...]]:
    whole = pooled([run.score for run in runs])
    for rule in runs[0].without:
        lacking = pooled([run.without[rule] for run in runs])
        right = whole.right - lacking.right
        false = _false(whole) - _false(lacking)
        gained = lacking.f1 - whole.f1
        yield rule, f"{right:+}", f"{false:+}", f"{lacking.f1:.3f} ({gained:+.3f})"


def _false(score: Score) -> int:
    return score.counted - score.right


def compared(runs: Mapping[str, Sequence[Run]], what: str) -> list[str]:
    """Return a table with one row for each way, all recordings pooled.

    The difference to the first way stands in brackets.
    """
    each = _each(runs)
    first = each[0]
    columns = (what, "F1", "P", "R", "DER %", "WER %", "s of work per min of audio")
    return table(columns, [_against(first, one) for one in each])


def _against(first: Figures, one: Figures) -> list[str]:
    work_s = 60 * sum(one.rtf.values())
    return [
        one.name,
        f"{one.f1:.3f} ({one.f1 - first.f1:+.3f})",
        f"{one.precision:.3f}",
        f"{one.recall:.3f}",
        f"{one.der:.2f} ({one.der - first.der:+.2f})",
        f"{one.wer:.1f}",
        f"{work_s:.1f}",
    ]


def block(runs: Sequence[Run], offsets: int) -> str:
    """Return the block of `docs/accuracy.md`: what was measured, with what, and the tables."""
    settings = Settings()
    models = models_of(settings)
    head = HEAD.format(
        commit=commit(),
        whisper=models.whisper,
        diarization=models.diarization,
        step=settings.diarization_step_s,
        lexicon=shipped_lexicon().version,
        window=settings.window_ms / 1000,
        device=settings.device,
        offsets=offsets,
    )
    return "\n".join([head, "", *markdown(runs)])


def _row(one: Figures) -> list[object]:
    return [
        one.name,
        one.runs,
        f"{one.der:.2f}",
        f"{one.speakers} ({one.found})",
        one.true,
        one.counted,
        one.right,
        f"{one.precision:.3f}",
        f"{one.recall:.3f}",
        f"{one.f1:.3f}",
        f"{one.wer:.1f}",
        f"{one.rtf['transcribe']:.3f}",
        f"{one.rtf['diarize']:.3f}",
    ]


def _word(word: str, hits: Hits) -> list[object]:
    recall = f"{hits.right / hits.true:.2f}" if hits.true else ""
    false = hits.counted - hits.right
    return [word, hits.true, hits.counted, hits.right, recall, false]


def _loss(cause: str, words: int, said: int) -> list[object]:
    percent = 100 * words / max(1, said)
    return [cause, words, f"{percent:.1f}"]
