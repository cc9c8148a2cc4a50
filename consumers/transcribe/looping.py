"""Pure: recognisers loop on a phrase. What counts as a loop."""

REPEATS, LONGEST_PHRASE = 5, 4
"""People say "can can can can"; five times in a row is the model (in the five recordings nobody says a phrase five times)."""
COMPRESSION = 2.4
"""Whisper's own gate on repetitive text: characters over zlib bytes (Radford et al., 2022, section 4.5)."""


def is_loop(words: list[str], compression: float) -> bool:
    """Whether a segment's words are one phrase of up to four words repeated, or compress like it."""
    said = [word.strip(" ,.?!").lower() for word in words]
    return compression > COMPRESSION or any(
        _repeats(said, length) for length in range(1, LONGEST_PHRASE + 1)
    )


def _repeats(said: list[str], length: int) -> bool:
    in_a_row = 0
    for here, before in zip(said[length:], said, strict=False):
        in_a_row = in_a_row + 1 if here == before else 0
        if in_a_row >= length * (REPEATS - 1):
            return True
    return False
