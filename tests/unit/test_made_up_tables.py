"""Made-up tables: the truth is where the voices are, and a seed makes the same table again."""

import numpy as np

from deploy.benchmark.made_up_tables import Bank, tables

SECOND = 16_000


def bank(voices: int) -> Bank:
    """Each voice is a tone of its own."""
    time = np.arange(3 * SECOND) / SECOND
    return {
        f"v{n}": [np.sin(2 * np.pi * 200 * (n + 1) * time).astype(np.float32)]
        for n in range(voices)
    }


def test_everybody_speaks_where_the_truth_says() -> None:
    found = list(tables(bank(6), people=(3, 5), each=2, length_s=30.0))
    assert [table.people for table in found] == [3, 3, 5, 5]
    for table in found:
        assert len(table.samples) == 30 * SECOND
        assert len(table.truth.labels()) == table.people
        assert table.truth.get_timeline().extent().end <= 30.0
        for turn, _, voice in table.truth.itertracks(yield_label=True):
            heard = table.samples[int(turn.start * SECOND) : int(turn.end * SECOND)]
            spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
            tone = 200 * (int(str(voice)[1:]) + 1) * len(heard) // SECOND
            assert spectrum[tone - 3 : tone + 4].max() > 20 * np.median(spectrum)


def test_the_same_seed_makes_the_same_table() -> None:
    first, again = (next(tables(bank(4), (4,), 1, 20.0)) for _ in range(2))
    assert np.array_equal(first.samples, again.samples)
    assert first.truth == again.truth
