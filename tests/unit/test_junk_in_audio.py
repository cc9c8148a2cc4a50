"""Junk behind and between frames is no sound, and costs no time."""

from collections import defaultdict

import pytest

from adapters.audio import adts, mixtures


def test_junk_that_is_full_of_signs_is_looked_at_a_few_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before, sixteen megabytes of it took twenty seconds."""
    looked: list[int] = []

    def begins(_: bytes, at: int) -> bool:
        looked.append(at)
        return False

    kind = mixtures.Kind("adts", adts.SIGNS[0], 0, begins)
    monkeypatch.setattr(mixtures, "BY_PAIR", defaultdict(list, {kind.sign: [kind]}))
    body = kind.sign * (mixtures.MOST_LOOKS + 100)
    assert mixtures.parts_by_kind(body) == [body]
    assert len(looked) == mixtures.MOST_LOOKS
