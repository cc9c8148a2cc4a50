"""Pure: written words as they are compared, without what is punctuation alone."""

import re

_PUNCTUATION = " ,.?!"
_NO_LETTER = re.compile(r"[^A-Za-z']")


def bare(text: str) -> str:
    """The word in lower case, without blanks and punctuation at its ends."""
    return text.strip(_PUNCTUATION).lower()


def letters(text: str) -> str:
    """The letters of a word, and its apostrophes as straight ones. Capitals stay."""
    return _NO_LETTER.sub("", text.replace("’", "'"))
