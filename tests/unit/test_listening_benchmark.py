"""`lahstats benchmark listening`: a count is agreed with when half of the ways hear it again."""

from deploy.benchmark.listening import Listened, by_word, document, markdown

WAYS = ("words and style", "style", "no prompt", "forced")


def listened(word: str, *heard: bool, maybe: bool = False) -> Listened:
    return Listened("a", word, 1.0, maybe, dict(zip(WAYS, heard, strict=True)))


LAH = listened("lah", True, True, True, True)
HALF = listened("lah", True, False, False, True)
LONE = listened("hor", True, False, False, False)
DOUBTED = listened("sian", True, False, False, False, maybe=True)


def test_half_of_the_ways_agree() -> None:
    assert [one.agreed for one in (LAH, HALF, LONE)] == [True, True, False]


def test_agreement_is_by_word() -> None:
    hor, lah = by_word([LAH, HALF, LONE])
    assert (hor.word, hor.counted, hor.agreed) == ("hor", 1, 0)
    assert (lah.word, lah.counted, lah.agreed) == ("lah", 2, 2)
    assert lah.ways == {"words and style": 2, "style": 1, "no prompt": 1, "forced": 2}


def test_maybes_are_listed_and_in_no_table() -> None:
    found = document([LAH, DOUBTED])
    assert str(found["counts"]).count("sian") == 1
    assert "sian" not in str(found["words"])
    assert not any("sian" in line for line in markdown([LAH, DOUBTED]))
