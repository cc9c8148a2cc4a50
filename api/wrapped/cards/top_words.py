"""The ten words said most, with their share and how that changed; the favourite among them."""

from collections import Counter
from itertools import islice

from api.wrapped.card_models import TopWord, TopWords
from api.wrapped.input import WrappedInput

MOST_WORDS = 10
HOW = "The words you said most; equal ones in the order of the alphabet."


def shape(given: WrappedInput) -> TopWords:
    """Empty, and without a favourite, when there are no counts."""
    previous: Counter[str] = Counter()
    for credit in given.previous:
        previous.update(credit.words)
    emoji = {row.word: row.emoji for row in given.rows.lexicon}
    total = sum(given.words.values())
    top = [
        TopWord(
            word=word,
            emoji=emoji.get(word, ""),
            count=count,
            share=round(count / total, 4),
            change=count - previous[word],
        )
        for word, count in islice(given.words.items(), MOST_WORDS)
    ]
    favourite = None
    if top:
        favourite = top[0].word
    return TopWords(top=top, favourite=favourite)
