"""Audio that a browser heard, sent as FLAC on the same timeline; and counts compared."""

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from adapters.audio.decoding import decode
from adapters.media import encode_flac
from adapters.objects.lexicons import shipped_lexicon
from consumers.audio.decoder import Samples
from deploy.benchmark.in_process import PCM_FULL
from deploy.benchmark.recorder import Sent, heard_of
from deploy.cli.text_counts import counted
from deploy.demo.phone_session import FASTEST, record, steadily
from deploy.devstack.running_stack import RECORDINGS, RunningStack
from deploy.uuid7 import new_session_id
from producers.phone.client import Phone
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS
from streams.tally.counter import Counter as WordCounter
from tests.browser.recordings import spans_with_audio
from tests.end_to_end.same_sound import follow
from tests.integration.conftest import ready
from tests.integration.people import Person

NAME = "kopitiam_2spk"
SECONDS = 60
MOST_WORSE = 0.03
"""F1 that a browser may cost, beside the same audio sent as FLAC."""
CHANCE = 2.33
"""Deviations by which chance alone is worse once in a hundred times."""
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


@dataclass(frozen=True)
class Twin:
    """A browser's session, and the same audio as another session, sent as FLAC.

    `unlike_ms`: how much of what the browser's session holds is not like its source.
    """

    recorded: str
    same: str
    other: Person
    unlike_ms: float

    def differences(self, owner: Person) -> list[str]:
        """Sentences about what the browser's session lost. Blocks until both are counted."""
        ready(self.other, self.same)
        truth = said()
        recorded = _counts(owner, self.recorded)
        same = _counts(self.other, self.same)
        print(f"F1 recorded {f1(recorded, truth):.3f}, the same as FLAC {f1(same, truth):.3f}")
        print(f"only recorded: {dict(recorded - same)}, only as FLAC: {dict(same - recorded)}")
        found = []
        if self.unlike_ms:
            found.append(f"{self.unlike_ms} ms do not sound like what was said")
        worse = worse_by(recorded, same, truth)
        if worse > MOST_WORSE:
            found.append(f"F1 is worse by {worse:.3f} than as FLAC, chance left aside")
        return found


def sent_as_flac(stack: RunningStack, sent: Sent, folder: Path) -> Twin:
    """Send the audio of a browser's session once more, as a phone sends FLAC.

    Gaps are silent. Blocks until everything has its receipt.
    """
    other = Person(stack.settings, "phone-that-sends-flac")
    samples, unlike_ms = _source_of(stack, sent)
    file = folder / "same.flac"
    pcm = (samples * PCM_FULL).astype(np.int16)
    file.write_bytes(encode_flac(pcm))
    session_id = new_session_id()
    phone = Phone(stack.settings.url("gateway"), other.token)
    record(phone, session_id, file, steadily(FASTEST), lambda _: None)
    phone.close()
    return Twin(sent.session_id, session_id, other, unlike_ms)


def _source_of(stack: RunningStack, sent: Sent) -> tuple[Samples, float]:
    """The sound that the microphone played, on the session's timeline; and the ms unlike it."""
    heard, missing = heard_of(stack.settings, sent)
    source = talk()
    same = np.zeros_like(heard)
    unlike_ms = 0.0
    for start_ms, end_ms in spans_with_audio(heard, missing):
        span = slice(start_ms * SAMPLES_PER_MS, end_ms * SAMPLES_PER_MS)
        followed = follow(source, heard[span])
        print(
            f"{start_ms} to {end_ms} ms: skips {followed.skips_ms} ms, {followed.unlike_ms} unlike"
        )
        same[span] = followed.samples
        unlike_ms += followed.unlike_ms
    return same, unlike_ms


def _counts(person: Person, session_id: str) -> Counter[str]:
    """Words of all speakers."""
    return Counter(person.read(f"/v1/sessions/{session_id}/results")["total"]["words"])


def f1(one: Counter[str], other: Counter[str]) -> float:
    """How far two counts agree: 1 when they are the same."""
    return 2 * (one & other).total() / (one.total() + other.total())


def worse_by(recorded: Counter[str], same: Counter[str], truth: Counter[str]) -> float:
    """By how much F1 of the recorded counts is worse than can be chance; 0 or less is chance.

    A minute has some thirty counted words, and each moves F1 by about one over the sum of the two
    totals. The models hear a few of them otherwise for any inaudible change, for better or worse:
    of `n` words that differ, their sum has a deviation of the root of `n`. The price of a format
    is measured with a thousand words: `lahstats benchmark formats`.
    """
    differ = (recorded - same) + (same - recorded)
    one_word = 1 / (recorded.total() + truth.total())
    return f1(same, truth) - f1(recorded, truth) - CHANCE * one_word * math.sqrt(differ.total())
