"""A name for how one talks, by the favourite word."""

from api.wrapped.card_models import Personality
from api.wrapped.input import WrappedInput

NAMES = {
    "lah": "Classic Singaporean",
    "walao": "Dramatic One",
    "shiok": "Foodie",
    "paiseh": "Polite One",
    "cheem": "Intellectual",
    "lepak": "Chill One",
    "steady": "Reliable One",
    "bojio": "FOMO Friend",
    "kiasu": "Competitive One",
}
ELSE = "Singlish Speaker"
HOW = "Decided by your favourite word alone; the rule is shown with it."


def shape(given: WrappedInput) -> Personality | None:
    """Among equal favourites the first of NAMES decides; None without a favourite."""
    if not given.words:
        return None
    most = max(given.words.values())
    favourites = [word for word, count in given.words.items() if count == most]
    named = [word for word in NAMES if word in favourites]
    word = favourites[0]
    if named:
        word = named[0]
    name = NAMES.get(word, ELSE)
    return Personality(
        name=f"The {name}",
        because=word,
        rule=f"favourite word: {word}",
    )
