"""Where a file of another kind may begin: every sign is found, wherever it stands."""

import pytest

from adapters.audio import mixtures
from adapters.audio.mixtures import KINDS, SIGN


@pytest.mark.parametrize("before", [0, 1, 2, 3])
@pytest.mark.parametrize("sign", sorted({kind.sign for kind in KINDS}))
def test_a_sign_is_found_at_odd_places_as_at_even_ones(sign: bytes, before: int) -> None:
    assert len(sign) >= SIGN
    body = b"?" * before + sign
    places = list(mixtures._signs(body))
    assert before in places
    assert places == sorted(set(places))
