"""Pure: one true fact for a card, the most surprising that the figures bear out."""

from collections.abc import Callable

from api.figures import portion
from api.spans import hour
from api.texts import ENGLISH, Language, listed, say
from api.wrapped.models import Cards, Wrapped

FAR_AHEAD = 80
"""Per cent of the others. Below it being ahead of them surprises nobody."""
LEAST_COMBO = 5
OFTEN_S = 20
LEAST_Z = 3.0
LEAST_STREAK = 3
HALF = 0.4
LEAST_PEAK = 8
MINUTE_S = 60


def fact(wrapped: Wrapped, language: Language = ENGLISH) -> str:
    """The first rule that holds. With few counts: how many are missing."""
    if wrapped.state != "ready":
        return say("card.warming.fact", wrapped.missing.counts, language)
    found = (rule(wrapped.cards, language) for rule in RULES)
    return next((text for text in found if text), "")


def _ahead(cards: Cards, language: Language) -> str:
    known = cards.percentile
    if known is None or known.percentile < FAR_AHEAD:
        return ""
    return say("card.facts.ahead", int(known.percentile), language)


def _combo(cards: Cards, language: Language) -> str:
    combo = cards.moments.combo
    if combo is None or combo.counts < LEAST_COMBO:
        return ""
    return say("card.facts.combo", combo.counts, language)


def _every(cards: Cards, language: Language) -> str:
    totals = cards.totals
    seconds = round(totals.talk_s / max(1, totals.counts))
    return say("card.facts.every", seconds, language) if 0 < seconds <= OFTEN_S else ""


def _signature(cards: Cards, language: Language) -> str:
    signature = cards.signature
    if signature is None or signature.z < LEAST_Z:
        return ""
    return say("card.facts.signature", language=language, word=signature.word)


def _streak(cards: Cards, language: Language) -> str:
    days = cards.streak.days
    return say("card.facts.streak", days, language) if days >= LEAST_STREAK else ""


def _half(cards: Cards, language: Language) -> str:
    top = cards.top_words.top
    if not top or top[0].share < HALF:
        return ""
    tenths = portion(top[0].count, cards.totals.counts, 10)
    return say("card.facts.half", tenths, language, word=top[0].word)


def _peak(cards: Cards, language: Language) -> str:
    peak = cards.moments.peak
    if peak is None or peak.counts < LEAST_PEAK:
        return ""
    return say("card.facts.peak", peak.counts, language)


def _clock(cards: Cards, language: Language) -> str:
    clock = cards.clock
    if clock.busiest_weekday is None or clock.busiest_hour is None:
        return ""
    weekday = listed("clock.weekdays", language)[clock.busiest_weekday]
    at = hour(clock.busiest_hour, language)
    return say("card.facts.hour", language=language, weekday=weekday, hour=at)


def _seldom(cards: Cards, language: Language) -> str:
    totals = cards.totals
    minutes = round(totals.talk_s / max(1, totals.counts) / MINUTE_S)
    return say("card.facts.minutes", minutes, language) if minutes else ""


RULES: tuple[Callable[[Cards, Language], str], ...] = (
    _ahead,
    _combo,
    _every,
    _signature,
    _streak,
    _half,
    _peak,
    _clock,
    _seldom,
)
