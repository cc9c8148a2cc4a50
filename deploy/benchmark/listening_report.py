"""The agreement of `lahstats benchmark listening` as one document and as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from deploy.benchmark.commit import commit
from deploy.benchmark.listening import Agreement, Listened, by_word
from deploy.table_printer import markdown as table

BLOCK = "listening"
HEAD = """Written by `lahstats benchmark listening FOLDER --page docs/accuracy.md`
at commit {commit}.
{shown} counts of {recordings} recordings were cut out: at least half of the ways agree with
{agreed} of them.
Of {maybes} maybes they agree with {doubted}."""


def document(found: Sequence[Listened]) -> dict[str, object]:
    """Return every count and the agreement of each word as JSON values."""
    counts = [{**asdict(one), "agreed": one.agreed} for one in found]
    words = [asdict(one) for one in by_word(_shown(found))]
    return {"counts": counts, "words": words}


def markdown(found: Sequence[Listened]) -> list[str]:
    """Return a table of the words that are shown."""
    agreements = by_word(_shown(found))
    ways = list(agreements[0].ways) if agreements else []
    return table(("word", "counted", "half agree", *ways), _rows(agreements))


def _rows(agreements: Sequence[Agreement]) -> Iterator[tuple[object, ...]]:
    for one in agreements:
        yield one.word, one.counted, one.agreed, *one.ways.values()


def block(found: Sequence[Listened]) -> str:
    """Return the text of the page's block."""
    shown = _shown(found)
    maybes = [one for one in found if one.maybe]
    head = HEAD.format(
        commit=commit(),
        shown=len(shown),
        recordings=len({one.recording for one in found}),
        agreed=sum(one.agreed for one in shown),
        maybes=len(maybes),
        doubted=sum(one.agreed for one in maybes),
    )
    return "\n".join([head, "", *markdown(found)])


def _shown(found: Sequence[Listened]) -> list[Listened]:
    return [one for one in found if not one.maybe]
