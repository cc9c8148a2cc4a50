"""People who do one odd thing each, all at once, while others record.

Everybody's session comes to its end, and the audit knows the fate of each chunk.
"""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import soundfile as sf

from adapters.settings import Settings
from deploy.waiting import until
from schemas.session_events import COMPLETE
from tests.faults.registry import fault
from tests.faults.scene import RECORDING, Scene
from tests.integration.people import Person
from tests.integration.phones import RawPhone, flac
from tests.integration.test_bad_input import DAMAGED

CHUNK_S = 4
CHUNKS = 5
YEARS = ("0001", "1970", "2150", "9999")


@fault(
    "odd-recordings",
    rows=("8", "9", "10", "19", "T4"),
    injected="chunks twice, with other bytes, last first and without an end; damaged audio; "
    "1.2 s of speech in 20 s; a token that expires in the middle",
)
def odd_recordings(scene: Scene) -> None:
    settings = scene.stack.settings
    phones = [twice(settings), last_first(settings), hardly_any_speech(settings)]
    phones.append(expired(settings))
    phones += [damaged(settings, name) for name in DAMAGED]
    for phone in phones:
        phone.complete(CHUNKS).raise_for_status()
    phones.append(without_an_end(settings))
    for phone in phones:
        assert scene.final(phone.user, phone.session_id).state in COMPLETE, phone.user


@fault(
    "odd-clocks",
    rows=("15", "T1", "26"),
    injected="phones whose clocks are a day off, and in the years 1, 1970, 2150 and 9999",
)
def odd_clocks(scene: Scene) -> None:
    settings = scene.stack.settings
    now = datetime.now(UTC)
    moments = {f"year-{year}": f"{year}-01-01T00:00:00Z" for year in YEARS}
    moments |= {f"days-{days}": (now + timedelta(days=days)).isoformat() for days in (-1, 1)}
    phones = [at_a_moment(settings, user, moment) for user, moment in moments.items()]
    for phone in phones:
        phone.complete(CHUNKS).raise_for_status()
    found = {phone.user: scene.final(phone.user, phone.session_id) for phone in phones}
    states = {user: session.state for user, session in found.items()}
    assert set(states.values()) <= COMPLETE, states


@fault(
    "erased-while-worked-on",
    rows=("20", "T2", "T3"),
    injected="a session is erased while it is worked on, another by two people at once; late "
    "chunks to both; two people who were in one session leave",
)
def erased_while_worked_on(scene: Scene) -> None:
    settings = scene.stack.settings
    leavers = met(scene, f"leaver-{uuid4()}", f"leaver-{uuid4()}")
    phones = [speaking(settings, f"erased-{number}") for number in range(2)]
    for phone in phones:
        phone.complete(CHUNKS).raise_for_status()
    with ThreadPoolExecutor(4) as pool:
        both = [pool.submit(erase, settings, phone) for phone in phones for _ in range(2)]
        gone = [pool.submit(leave, settings, user) for user in leavers]
    assert [one.result() for one in both] == ["erased"] * len(both)
    assert all(one.result() < 300 for one in gone)
    for phone in phones:
        late = [phone.chunk(CHUNKS + n, flac(CHUNK_S)).status_code for n in range(12)]
        assert set(late) == {410}, late


def met(scene: Scene, owner: str, friend: str) -> tuple[str, str]:
    """Two people who are in one session: its owner tagged the other one, who agreed."""
    settings = scene.stack.settings
    phone = speaking(settings, owner)
    phone.complete(CHUNKS).raise_for_status()
    scene.final(owner, phone.session_id)
    path = f"/v1/sessions/{phone.session_id}/claims"
    tag = {"speaker": "S1", "claim": "user", "user_id": friend}
    Person(settings, owner).done("POST", path, tag)
    tagged = Person(settings, friend)
    agreed = {"speaker": "S1", "claim": "self"}
    until(lambda: tagged.ask("POST", path, agreed).is_success, bool, scene.final_s, every_s=0.5)
    return owner, friend


def erase(settings: Settings, phone: RawPhone) -> str:
    """The outcome of an erasure, as its owner is told."""
    path = f"/v1/sessions/{phone.session_id}"
    return str(Person(settings, phone.user).done("DELETE", path)["outcome"])


def leave(settings: Settings, user: str) -> int:
    """The status of the answer to a user who wants to be forgotten."""
    return Person(settings, user).ask("DELETE", "/v1/users/me").status_code


def started(settings: Settings, user: str, **changes: str) -> RawPhone:
    """A phone whose session has begun."""
    phone = RawPhone(settings, user)
    phone.start(**changes).raise_for_status()
    return phone


def put(phone: RawPhone, seq: int, content: bytes) -> int:
    """Send a chunk at its place of the timeline. Returns the status of the answer."""
    times = {
        "Lah_Start_Ms": str(seq * CHUNK_S * 1000),
        "Lah_Duration_Ms": str(CHUNK_S * 1000),
    }
    return phone.chunk(seq, content, **times).status_code


def talk(seq: int) -> bytes:
    """Some seconds of talk."""
    samples, rate = sf.read(RECORDING, dtype="float32")
    out = io.BytesIO()
    begin = seq * CHUNK_S * rate
    sf.write(out, samples[begin : begin + CHUNK_S * rate], rate, format="FLAC")
    return out.getvalue()


def speaking(settings: Settings, user: str, **changes: str) -> RawPhone:
    """A session of talk that has not ended."""
    phone = started(settings, user, **changes)
    for seq in range(CHUNKS):
        assert put(phone, seq, talk(seq)) == 201
    return phone


def at_a_moment(settings: Settings, user: str, moment: str) -> RawPhone:
    """The same, recorded at another time, as the phone says."""
    return speaking(settings, user, recorded_at=moment)


def twice(settings: Settings) -> RawPhone:
    """Every chunk comes twice, one of them with other bytes as well."""
    phone = speaking(settings, "twice")
    assert [put(phone, seq, talk(seq)) for seq in range(CHUNKS)] == [200] * CHUNKS
    assert put(phone, 0, talk(1)) == 409
    return phone


def last_first(settings: Settings) -> RawPhone:
    """The last chunk comes first, and the first one last."""
    phone = started(settings, "last-first")
    assert [put(phone, seq, talk(seq)) for seq in reversed(range(CHUNKS))] == [201] * CHUNKS
    return phone


def expired(settings: Settings) -> RawPhone:
    """The token of the upload is none any more, and the phone asks for another one."""
    phone = started(settings, "expired")
    for seq in range(CHUNKS):
        phone.upload_headers = {"Authorization": "Bearer expired"}
        assert put(phone, seq, talk(seq)) == 401
        phone.start().raise_for_status()
        assert put(phone, seq, talk(seq)) == 201
    return phone


def without_an_end(settings: Settings) -> RawPhone:
    """The phone dies: its grace ends the session."""
    return speaking(settings, "without-an-end")


def hardly_any_speech(settings: Settings) -> RawPhone:
    """A second of talk, and silence."""
    phone = started(settings, "hardly-any-speech")
    samples, rate = sf.read(RECORDING, dtype="float32")
    samples = samples[: CHUNK_S * rate].copy()
    samples[int(1.2 * rate) :] = 0
    out = io.BytesIO()
    sf.write(out, samples, rate, format="FLAC")
    contents = [out.getvalue(), *(flac(CHUNK_S, seed=n, level=0.0005) for n in range(CHUNKS - 1))]
    assert [put(phone, seq, content) for seq, content in enumerate(contents)] == [201] * CHUNKS
    return phone


def damaged(settings: Settings, name: str) -> RawPhone:
    """Audio that nobody can decode in the middle of talk."""
    phone = started(settings, f"damaged-{len(name)}")
    for seq in range(CHUNKS):
        content = DAMAGED[name]() if seq == 2 else talk(seq)
        assert put(phone, seq, content) == 201, name
    return phone
