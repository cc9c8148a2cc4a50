"""Which words are everyday English, by the vocabulary of Whisper."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faster_whisper.tokenizer import Tokenizer

SHORT_WORDS = frozenset(
    "a i ah am an as at be by do eh go ha he hi if in is it me my no o of oh ok on or so to up us"
    " we".split()
)
"""Words of one or two letters that are everyday English."""


class Vocabulary:
    """The vocabulary of one tokenizer. Thread-safe."""

    def __init__(self, tokenizer: "Tokenizer") -> None:
        self._tokenizer = tokenizer
        # A word is asked for several times, and people say few words often.
        self._is_piece = lru_cache(maxsize=8192)(self._is_one_token)

    def is_common(self, word: str) -> bool:
        """Whether Whisper's vocabulary has the word in one piece.

        That is true of everyday English and false of words that it spelled by ear. Some names are
        in the vocabulary with their capital alone: "Tae" is common, "tae" is not. A word with a
        capital may as well begin a sentence, so its lower case counts too.
        """
        if len(word) <= 2:  # the vocabulary has nearly every pair of letters
            return word.lower() in SHORT_WORDS
        return any(self._is_piece(form) for form in {word, word.lower()})

    def _is_one_token(self, text: str) -> bool:
        return len(self._tokenizer.encode(" " + text)) == 1
