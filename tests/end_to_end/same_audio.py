"""Audio that a browser heard, sent as FLAC on the same timeline; and counts compared."""

from collections import Counter
from pathlib import Path

import msgspec
import numpy as np

from adapters.audio.decoding import decode
from adapters.media import encode_flac
from adapters.objects.lexicons import shipped_lexicon
from consumers.audio.decoder import Samples
from deploy.benchmark.in_process import PCM_FULL
from deploy.benchmark.recorder import Sent, heard_of
from deploy.benchmark.seams import place
from deploy.cli.text_counts import counted
from deploy.demo.phone_session import record, steadily
from deploy.devstack.running_stack import RECORDINGS, RunningStack
from deploy.uuid7 import new_session_id
from producers.phone.client import Phone
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS
from streams.tally.counter import Counter as WordCounter
from tests.browser.recordings import spans_with_audio
from tests.integration.people import Person

NAME = "kopitiam_2spk"
SECONDS = 60
MOST_WORSE = 0.03
"""F1 that a browser may cost, beside the same audio sent as FLAC."""
SOUND = 0.01
"""Of full scale: more than the noise of a room in which nobody speaks."""
FOUND_BY_S = 5
QUIET_S = 120
"""After the talk its table is silent: the microphone hears a file again from its beginning."""


class Line(msgspec.Struct):
    """One person's turn; seconds."""

    start: float
    text: str


class Script(msgspec.Struct):
    """The text of a recording."""

    segments: list[Line]


def talk(after_s: float = 0.0) -> Samples:
    """The first minute of the talk, from so many seconds on, and silence."""
    samples = decode((RECORDINGS / f"{NAME}.flac").read_bytes()).samples()
    spoken = samples[round(after_s * SAMPLE_RATE) : SECONDS * SAMPLE_RATE]
    return np.concatenate([spoken, np.zeros(QUIET_S * SAMPLE_RATE, np.float32)])


def said() -> Counter[str]:
    """The counted words of that minute, by the recording's own text."""
    text = (RECORDINGS / f"{NAME}.json").read_bytes()
    script = msgspec.json.decode(text, type=Script)
    lines = [one.text for one in script.segments if one.start < SECONDS]
    found: Counter[str] = Counter()
    for words in counted(lines, WordCounter(shipped_lexicon())):
        found.update(words)
    return found


def as_file(stack: RunningStack, sent: Sent, person: Person, folder: Path) -> str:
    """Send the source of a browser's session as a phone sends FLAC; the new session's id.

    Gaps of the session are silent. Blocks until everything has its receipt.
    """
    file = folder / "same.flac"
    pcm = (_source_of(stack, sent) * PCM_FULL).astype(np.int16)
    file.write_bytes(encode_flac(pcm))
    session_id = new_session_id()
    phone = Phone(stack.settings.url("gateway"), person.token)
    record(phone, session_id, file, steadily(1e9), lambda _: None)
    phone.close()
    return session_id


def _source_of(stack: RunningStack, sent: Sent) -> Samples:
    heard, missing = heard_of(stack.settings, sent)
    source = talk()
    same = np.zeros_like(heard)
    for start_ms, end_ms in spans_with_audio(heard, missing):
        span = slice(start_ms * SAMPLES_PER_MS, end_ms * SAMPLES_PER_MS)
        same[span] = _heard_there(source, heard[span])
    return same


def _heard_there(source: Samples, stretch: Samples) -> Samples:
    """The source of a stretch without a gap; silence is nowhere in particular.

    The stretch is found by its first sound: a busy machine's microphone may skip a little later.
    """
    loud = np.flatnonzero(np.abs(stretch) > SOUND)
    if not len(loud):
        return np.zeros_like(stretch)
    first = int(loud[0])
    begin = max(0, place(source, stretch[first : first + FOUND_BY_S * SAMPLE_RATE]) - first)
    return source[begin : begin + len(stretch)]


def counts(person: Person, session_id: str) -> Counter[str]:
    """Words of all speakers."""
    return Counter(person.read(f"/v1/sessions/{session_id}/results")["total"]["words"])


def f1(one: Counter[str], other: Counter[str]) -> float:
    """How far two counts agree: 1 when they are the same."""
    return 2 * (one & other).total() / (one.total() + other.total())
