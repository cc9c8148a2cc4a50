"""Pure: one true fact for a card, the most surprising that the figures bear out."""

from collections.abc import Callable

from api.spans import WEEKDAYS, hour
from api.texts import say
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


def fact(wrapped: Wrapped) -> str:
    """The first rule that holds. With few counts: how many are missing."""
    if wrapped.state != "ready":
        return say("card.warming.fact", wrapped.missing.counts)
    found = (rule(wrapped.cards) for rule in RULES)
    return next((text for text in found if text), "")


def _ahead(cards: Cards) -> str:
    known = cards.percentile
    if known is None or known.percentile < FAR_AHEAD:
        return ""
    return say("card.facts.ahead", int(known.percentile))


def _combo(cards: Cards) -> str:
    combo = cards.moments.combo
    return say("card.facts.combo", combo.counts) if combo and combo.counts >= LEAST_COMBO else ""


def _every(cards: Cards) -> str:
    totals = cards.totals
    seconds = round(totals.talk_s / max(1, totals.counts))
    return say("card.facts.every", seconds) if 0 < seconds <= OFTEN_S else ""


def _signature(cards: Cards) -> str:
    signature = cards.signature
    if signature is None or signature.z < LEAST_Z:
        return ""
    return say("card.facts.signature", word=signature.word)


def _streak(cards: Cards) -> str:
    days = cards.streak.days
    return say("card.facts.streak", days) if days >= LEAST_STREAK else ""


def _half(cards: Cards) -> str:
    top = cards.top_words.top
    if not top or top[0].share < HALF:
        return ""
    return say("card.facts.half", round(10 * top[0].share), word=top[0].word)


def _peak(cards: Cards) -> str:
    peak = cards.moments.peak
    return say("card.facts.peak", peak.counts) if peak and peak.counts >= LEAST_PEAK else ""


def _clock(cards: Cards) -> str:
    clock = cards.clock
    if clock.busiest_weekday is None or clock.busiest_hour is None:
        return ""
    weekday = WEEKDAYS[clock.busiest_weekday]
    return say("card.facts.hour", weekday=weekday, hour=hour(clock.busiest_hour))


def _seldom(cards: Cards) -> str:
    totals = cards.totals
    minutes = round(totals.talk_s / max(1, totals.counts) / MINUTE_S)
    return say("card.facts.minutes", minutes) if minutes else ""


RULES: tuple[Callable[[Cards], str], ...] = (
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
