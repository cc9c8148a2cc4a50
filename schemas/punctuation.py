"""Pure: where written words end a sentence and a clause."""

import re

_SENTENCE = re.compile(r"[.?!…]['\"”’)]*$")
_CLAUSE = re.compile(r"[.,!?;:…]['\"”’)]*$")


def ends_sentence(text: str) -> bool:
    """Return whether the written word closes a sentence."""
    return _SENTENCE.search(text) is not None


def ends_clause(text: str) -> bool:
    """Return whether the written word closes a clause; every sentence closes one."""
    return _CLAUSE.search(text) is not None
