"""Bytes changed as damage, broken programs and strangers change them. By a seed: repeatable."""

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import Any

import msgspec

from schemas.codec import encode
from schemas.topics import EVENT_TYPES

EDGES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
MOST_CHANGES = 4


def flipped(random: Random, body: bytearray, _: bytes) -> bytearray:
    """One bit."""
    if body:
        body[random.randrange(len(body))] ^= 1 << random.randrange(8)
    return body


def overwritten(random: Random, body: bytearray, _: bytes) -> bytearray:
    """A span of rubbish, of one byte or of a size that frames have."""
    at, end = _span(random, body)
    filler = random.choice([None, b"\0", b"\xff"])
    body[at:end] = random.randbytes(end - at) if filler is None else filler * (end - at)
    return body


def cut_out(random: Random, body: bytearray, _: bytes) -> bytearray:
    """A span is lost."""
    at, end = _span(random, body)
    del body[at:end]
    return body


def doubled(random: Random, body: bytearray, _: bytes) -> bytearray:
    """A span comes twice."""
    at, end = _span(random, body)
    body[at:at] = body[at:end]
    return body


def ended(random: Random, body: bytearray, _: bytes) -> bytearray:
    """The end is lost."""
    del body[random.randrange(len(body) + 1) :]
    return body


def resized(random: Random, body: bytearray, _: bytes) -> bytearray:
    """A number at the edge of its type, most of all in the head."""
    at = random.randrange(min(len(body), random.choice([64, 512, 1 << 30])) + 1)
    width = random.choice([1, 2, 4, 8])
    order = random.choice(["big", "little"])
    number = random.choice(EDGES) % (1 << 8 * width)
    body[at : at + width] = number.to_bytes(width, "big" if order == "big" else "little")
    return body


def joined(random: Random, body: bytearray, other: bytes) -> bytearray:
    """The beginning of this and the end of another."""
    at = random.randrange(len(body) + 1)
    return body[:at] + other[random.randrange(len(other) + 1) :]


CHANGES: Sequence[Callable[[Random, bytearray, bytes], bytearray]] = (
    flipped,
    overwritten,
    cut_out,
    doubled,
    ended,
    resized,
    resized,
    joined,
)


def mutated(seed: int, bodies: Sequence[bytes]) -> bytes:
    """One of `bodies`, changed one to four times."""
    random = Random(seed)
    body = bytearray(random.choice(bodies))
    for _ in range(random.randint(1, MOST_CHANGES)):
        body = random.choice(CHANGES)(random, body, random.choice(bodies))
    return bytes(body)


def _span(random: Random, body: bytearray) -> tuple[int, int]:
    at = random.randrange(len(body) + 1)
    return at, min(len(body), at + random.choice([1, 4, 40, 400, 4_000]))


NUMBERS = (0, -1, 1, 1 << 31, 1 << 53, (1 << 63) - 1, -(1 << 63), 1 << 63, 10**30, 0.5, 1e308)
TEXTS = ("", " ", "\0", "\ud800", "a" * 5_000, "../../x", "S1", "\u202e", "0", "null")
VALUES: tuple[Any, ...] = (*NUMBERS, *TEXTS, None, True, [], {}, [[]], {"a": 1})


def altered(seed: int, bodies: Sequence[bytes]) -> bytes:
    """JSON with other values, keys that are gone or come twice, or bytes that are changed.

    Half of the events have the id of their new identity, as a stage with a defect would send them.
    """
    random = Random(seed)
    if random.random() < 0.1:
        return mutated(seed, bodies)
    document = json.loads(random.choice(bodies))
    for _ in range(random.randint(1, MOST_CHANGES)):
        _alter(random, document, json.loads(random.choice(bodies)))
    if random.random() < 0.5:
        document = signed(document)
    text = json.dumps(document, ensure_ascii=random.random() < 0.9)
    return text.encode(errors="surrogatepass")


def signed(document: Any) -> Any:
    """The event with the id that follows from its identity; what is no event stays as it is."""
    try:
        event = msgspec.convert({**document, "event_id": ""}, EVENT_TYPES[document["type"]])
        return json.loads(encode(event))
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return document


def _alter(random: Random, document: Any, other: Any) -> None:
    """Changes one place of the document, at any depth."""
    at = document
    while at:
        key = random.choice(list(at)) if isinstance(at, dict) else random.randrange(len(at))
        below = at[key]
        if not isinstance(below, dict | list) or not below or random.random() < 0.3:
            break
        at = below
    else:
        return
    if random.random() < 0.05:
        del at[key]
    elif random.random() < 0.2 and isinstance(other, dict) and key in other:
        at[key] = other[key]
    elif isinstance(at[key], int) and random.random() < 0.5:
        at[key] += random.choice([-1, 1, 1_000, -1_000, 10**9])
    else:
        values = _alike(at[key]) if random.random() < 0.8 else VALUES
        at[key] = deepcopy(random.choice(values))


def _alike(value: Any) -> Sequence[Any]:
    """Values of the same type, which a decoder takes."""
    if isinstance(value, str):
        return TEXTS
    if isinstance(value, int) and not isinstance(value, bool):
        return [number for number in NUMBERS if isinstance(number, int)]
    return VALUES
