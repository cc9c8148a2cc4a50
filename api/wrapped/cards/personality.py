"""A name for how one talks, by the favourite word."""

from api.wrapped.card_models import Personality, TopWords

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


def shape(top_words: TopWords) -> Personality | None:
    """Among equal favourites the first of NAMES decides; None without a favourite."""
    if not top_words.top:
        return None
    most = top_words.top[0].count
    favourites = [row.word for row in top_words.top if row.count == most]
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
