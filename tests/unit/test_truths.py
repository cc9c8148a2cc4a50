"""The truth of a recording stands beside it. A file that says nothing of it is named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.benchmark import far_voices, languages, scoring, spoken_truth
from deploy.benchmark.real_recordings import Truth, _wer
from deploy.benchmark.recordings import truth_beside

READERS: dict[str, Callable[[Path], object]] = {
    "real": lambda audio: truth_beside(audio, Truth),
    "languages": languages.language,
    "scoring": scoring._truth,
    "far voices": far_voices._said,
    "moments": spoken_truth.moments,
}
BROKEN = {
    "cut off": b'{"kind": "talk", "segm',
    "another kind": b"[1]",
    "another encoding": '{"kind": "talk"}'.encode("utf-16"),
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("body", BROKEN)
@pytest.mark.parametrize("reader", READERS)
def test_a_broken_truth_is_named_in_a_line(tmp_path: Path, reader: str, body: str) -> None:
    """Before, a traceback that named no file. Commands turn a ValueError into a line."""
    audio = tmp_path / "talk.flac"
    audio.with_suffix(".json").write_bytes(BROKEN[body])
    with pytest.raises(ValueError, match=r"talk\.json: "):
        READERS[reader](audio)


@pytest.mark.parametrize("table", ["start\tend\n1\t2\n", "start\ttext\n1\n"])
def test_so_is_a_table_of_words_without_them(tmp_path: Path, table: str) -> None:
    audio = tmp_path / "talk.flac"
    audio.with_suffix(".words.tsv").write_text(table)
    with pytest.raises(ValueError, match=r"talk\.words\.tsv: "):
        _wer(audio, ["lah"])
