"""Numbers of things in the sentences that commands print.

Pages have their own way, in their files of texts: `{n|word|words}`. This is the same for the lines
of a terminal, which are English.
"""


def amount(n: int, one: str, many: str) -> str:
    """Return the number with the words for one, or for any other number.

    `amount(1, "word", "words")` is `1 word`, and `amount(0, "word", "words")` is `0 words`. The
    words may go on with a verb: "session still moves", "sessions still move".
    """
    words = one if n == 1 else many
    return f"{n} {words}"
