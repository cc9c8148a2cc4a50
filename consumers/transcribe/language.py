"""How probable it is that a segment is English: by its sound, and by the text that came of it.

People change their language in mid-sentence, so a segment is asked, not a session. The encoder's
states are there already: one step of the decoder answers.

Whisper takes the English of Singaporeans and Malaysians for Malay: half of their segments have
less than 0.15. So its answer is weighed together with how well English words fit
(docs/adr/0043). The vocabulary has the everyday words of all languages, so the words that hold an
English sentence together are asked for too (docs/adr/0058).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from consumers.transcribe.recognised import STATES_PER_S, States
from consumers.transcribe.spelling import letters
from schemas.odds import logistic, logit

if TYPE_CHECKING:
    from ctranslate2.models import Whisper

AROUND_S = 0.2
"""Audio on both sides of a segment."""
LEAST_S = 2.0
"""A shorter segment is judged by this much of the stretch around its middle."""
ENGLISH = "<|en|>"
ALWAYS = 4.13
HEARD = 0.88
UNDERSTOOD = 0.58
"""Weights of the log-odds that a segment is English: `lahstats benchmark languages` fits them."""
HOLDING = frozenset(
    "the this that these those there here i i'm i'll i've i'd you your you're we us they them"
    " she it it's its my his her our their is are were be been does did don't doesn't didn't"
    " have has had got get can can't cannot could will won't would should must may might not"
    " never and but because if when what why how who where which than then to at for with from"
    " by about up out into over after before all some any more most very just only too still"
    " already now again really quite like one".split()
)
"""Words that English sentences are made with, Singlish ones as well.

Those that other languages write often too are left out: "no", "me", "was", "in".
"""
LEAST_HOLDING = 0.2
"""The share of HOLDING that is enough. Singlish sentences have twice as much or more."""


def english(heard: float, understood: float) -> float:
    """Probability that a segment is English. Pure.

    `heard` is Whisper's own answer; `understood` is the mean probability of its words.
    """
    by_sound = HEARD * logit(heard)
    by_text = UNDERSTOOD * logit(understood)
    return logistic(ALWAYS + by_sound + by_text)


def understood(words: Iterable[tuple[str, float]], is_common: Callable[[str], bool]) -> float:
    """Mean probability of the words, written text and probability each.

    A word that is not common was written by ear: nothing of it was understood. A text in which
    too few words hold it together is another language, whose words the vocabulary has too.
    """
    texts: list[str] = []
    by_word: list[float] = []
    for text, probability in words:
        spelling = letters(text)
        is_understood = is_common(spelling)
        texts.append(spelling.lower())
        by_word.append(probability if is_understood else 0.0)
    mean = sum(by_word) / max(1, len(by_word))
    return mean * min(1.0, _holding(texts) / LEAST_HOLDING)


def _holding(texts: Sequence[str]) -> float:
    """The share of HOLDING, as if one word more were. Five words or fewer need none."""
    held = sum(text in HOLDING for text in texts)
    return (held + 1) / max(1, len(texts))


def sounds_english(model: "Whisper", states: States, start_s: float, end_s: float) -> float:
    """Whisper's probability that `states` are English between two of their seconds. Blocking."""
    from ctranslate2 import StorageView

    part = _around(states, start_s, end_s)
    batch = np.ascontiguousarray(part[None])
    [languages] = model.detect_language(StorageView.from_array(batch))
    probability_of: dict[str, float] = dict(languages)
    return probability_of.get(ENGLISH, 0.0)


def _around(states: States, start_s: float, end_s: float) -> States:
    """The states of a segment and of the audio around it, LEAST_S or more."""
    length_s = end_s - start_s
    around_s = max(AROUND_S, (LEAST_S - length_s) / 2)
    first = int((start_s - around_s) * STATES_PER_S)
    last = int((end_s + around_s) * STATES_PER_S)
    return states[max(0, first) : max(last, 1)]
