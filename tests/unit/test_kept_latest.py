"""The gateway remembers the latest things alone."""

from producers.gateway.kept_latest import KeptLatest


def test_the_key_that_came_first_is_forgotten_first() -> None:
    kept = KeptLatest[str, int](2)
    for number, key in enumerate("abc"):
        kept.put(key, number)
    assert ["a" in kept, kept.get("a")] == [False, None]
    assert [kept.get("b"), kept.get("c")] == [1, 2]


def test_a_key_that_comes_again_has_its_new_value_and_its_age() -> None:
    kept = KeptLatest[str, int](2)
    for number, key in enumerate("aba"):
        kept.put(key, number)
    assert [kept.get("a"), kept.get("b")] == [2, 1]
    kept.put("c", 3)
    assert ["a" in kept, "b" in kept, "c" in kept] == [False, True, True]
