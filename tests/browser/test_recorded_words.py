"""Words fall in while people talk, and are those of the same audio sent as a file."""

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Playwright, expect

from adapters.audio.decoding import decode
from adapters.media import encode_flac
from adapters.objects.lexicons import shipped_lexicon
from consumers.audio.decoder import Samples
from deploy.benchmark.recorder import Sent, write_wav
from deploy.cli.text_counts import counted
from deploy.demo.phone_session import record, steadily
from deploy.devstack.running_stack import RECORDINGS, RunningStack
from deploy.uuid7 import new_session_id
from producers.phone.client import Phone
from schemas.audio import SAMPLE_RATE
from streams.tally.counter import Counter as WordCounter
from tests.browser.recordings import Lab
from tests.integration.conftest import ready
from tests.integration.people import Person

SECONDS = 60
MOST_WORSE = 0.07
"""F1 against the truth that a browser may cost, beside the same audio sent as FLAC.

Two of thirty words: windows begin elsewhere, and that alone moves a word or two.
"""
WORDS_MS = 180_000
"""Until the first words are counted: two models load, and this machine has other work."""


def test_words_appear_before_stop_and_are_as_good_as_those_of_a_file(
    playwright: Playwright, stack: RunningStack, tmp_path: Path
) -> None:
    person = Person(stack.settings, f"words-{time.time_ns()}")
    samples = decode((RECORDINGS / "kopitiam_2spk.flac").read_bytes()).samples()[
        : SECONDS * SAMPLE_RATE
    ]
    write_wav(tmp_path / "signal.wav", np.concatenate([samples, np.zeros_like(samples)]))
    sent = Sent()
    with Lab(playwright, stack, tmp_path).browser(sent, "microphone") as phone:
        phone.sign_in(person.user).open().start()
        phone.until_safe(SECONDS)
        expect(phone.page.locator("#voices strong").first).to_be_visible(timeout=WORDS_MS)
        phone.stop()
    ready(person, sent.session_id)
    recorded = f1(counts(person, sent.session_id), truth())
    as_flac = f1(counts(person, as_file(stack, person, samples, tmp_path)), truth())
    assert recorded >= as_flac - MOST_WORSE


def truth() -> Counter[str]:
    """The words that were said, by the recording's own text."""
    talk = json.loads((RECORDINGS / "kopitiam_2spk.json").read_text())
    lines = [one["text"] for one in talk["segments"] if one["start"] < SECONDS]
    found: Counter[str] = Counter()
    for words in counted(lines, WordCounter(shipped_lexicon())):
        found.update(words)
    return found


def as_file(stack: RunningStack, person: Person, samples: Samples, folder: Path) -> str:
    """Send the same audio as a phone sends FLAC; the session's id, once it is counted."""
    file = folder / "same.flac"
    file.write_bytes(encode_flac((samples * 32767).astype(np.int16), SAMPLE_RATE))
    session_id, phone = new_session_id(), Phone(stack.settings.url("gateway"), person.token)
    record(phone, session_id, file, steadily(1e9), lambda _: None)
    phone.close()
    ready(person, session_id)
    return session_id


def counts(person: Person, session_id: str) -> Counter[str]:
    """Words of all speakers."""
    found: dict[str, Any] = person.read(f"/v1/sessions/{session_id}/results")
    return Counter(found["total"]["words"])


def f1(one: Counter[str], other: Counter[str]) -> float:
    """How far two counts agree: 1 when they are the same."""
    return 2 * (one & other).total() / (one.total() + other.total())
