"""One recording through the whole path: played, awaited, and claimed by its speakers."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from adapters.settings import Settings
from deploy.demo.api_answers import (
    MissingAudio,
    Session,
    Speaker,
    SpeakerList,
    Totals,
    Transcript,
    Wrapped,
)
from deploy.demo.api_client import ApiClient
from deploy.demo.phone_session import About, record, steadily
from deploy.uuid7 import new_session_id
from deploy.waiting import until
from producers.phone.client import Phone
from schemas.ids import SessionId

OWNER = "demo-owner"
READY_TIMEOUT_S = 1800.0
TOTALS_TIMEOUT_S = 60.0
CARD = "/v1/users/me/wrapped/card?period=all&shape=story&format=png"
STAGES = ("transcribed", "voiced", "counted")


@dataclass(frozen=True)
class Played:
    """Times of the demo in seconds, and answers of the read side.

    `totals`, `wrapped` and `cards` are by speaker label: each speaker was claimed by a new user.
    """

    session_id: SessionId
    audio_s: float
    stop_to_stats_s: float
    wall_s: float
    speakers: list[Speaker]
    transcript: Transcript
    missing: list[MissingAudio]
    totals: dict[str, Totals]
    wrapped: dict[str, Wrapped]
    cards: list[Path]

    def document(self) -> dict[str, object]:
        """Return the document of `lahstats demo --json`."""
        return {
            "session_id": self.session_id,
            "audio_s": self.audio_s,
            "stop_to_stats_s": round(self.stop_to_stats_s, 3),
            "wall_s": round(self.wall_s, 3),
            "speakers": [brief(speaker) for speaker in self.speakers],
            "turns": msgspec.to_builtins(self.transcript.turns),
            "transcript": msgspec.to_builtins(self.transcript.words),
            "missing_audio": msgspec.to_builtins(self.missing),
        }


def brief(speaker: Speaker) -> dict[str, object]:
    """Return a speaker as `lahstats demo --json` prints one."""
    return {
        "label": speaker.speaker,
        "talk_s": speaker.talk_s,
        "quote": speaker.quote,
        "words": {word.word: word.count for word in speaker.words},
    }


def play(
    settings: Settings, audio: Path, speed: float, console: Console, hint: int | None = None
) -> Played:
    """Play `audio` at `speed` times real time on a stack that is up.

    Blocks until the speakers are claimed. Progress goes to `console`, which is stderr.
    """
    began = time.monotonic()
    session_id = new_session_id()
    owner = ApiClient(settings, OWNER)
    with _bars(console) as bars:
        audio_s = _record(settings, owner, session_id, audio, speed, About(hint), bars)
        stopped = time.monotonic()
        session = _await_final(owner, session_id, bars)
    stop_to_stats_s = time.monotonic() - stopped
    speakers = owner.read(f"/v1/sessions/{session_id}/speakers", SpeakerList).speakers
    people = _claim_all(settings, owner, session_id, speakers)
    return Played(
        session_id=session_id,
        audio_s=audio_s,
        stop_to_stats_s=stop_to_stats_s,
        speakers=speakers,
        transcript=owner.read(f"/v1/sessions/{session_id}/transcript", Transcript),
        missing=session.missing_audio,
        totals=_await_totals(people, speakers),
        wrapped={label: _wrapped(person) for label, person in people.items()},
        cards=[_save_card(settings, label, person) for label, person in people.items()],
        wall_s=time.monotonic() - began,
    )


def _wrapped(person: ApiClient) -> Wrapped:
    return person.read("/v1/users/me/wrapped?period=all", Wrapped)


def _bars(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description:>10}"),
        BarColumn(),
        TextColumn("{task.fields[detail]}"),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console, disable=not console.is_terminal)


def _record(
    settings: Settings,
    owner: ApiClient,
    session_id: SessionId,
    audio: Path,
    speed: float,
    about: About,
    bars: Progress,
) -> float:
    """Return seconds of audio sent."""
    task = bars.add_task("recording", total=None, detail="")
    phone = Phone(settings.url("gateway"), owner.token)
    audio_s = record(
        phone,
        session_id,
        audio,
        steadily(speed),
        lambda sent_s: bars.update(task, detail=f"{sent_s:.0f} s sent"),
        about,
    )
    phone.close()
    bars.update(task, total=1, completed=1)
    return audio_s


def _await_final(owner: ApiClient, session_id: SessionId, bars: Progress) -> Session:
    task = bars.add_task("counting", total=None, detail="")
    return owner.await_final(
        session_id, lambda session: _show(bars, task, session), READY_TIMEOUT_S
    )


def _show(bars: Progress, task: TaskID, session: Session) -> None:
    progress = session.progress
    windows = progress.windows
    completed = 0
    counts: list[str] = []
    for stage in STAGES:
        done = getattr(progress, stage)
        completed += done
        counts.append(f"{stage} {done}/{windows}")
    detail = " ".join(counts)
    if session.provisional and session.provisional.eta_s:
        detail += f", {session.provisional.eta_s:.0f} s to go"
    total = len(STAGES) * windows or None
    bars.update(task, total=total, completed=completed, detail=detail)


def _claim_all(
    settings: Settings, owner: ApiClient, session_id: SessionId, speakers: list[Speaker]
) -> dict[str, ApiClient]:
    """Let the owner tag a new user for each speaker, and let each of them agree.

    The users are new for every demo, so that their totals are those of this recording.
    """
    people: dict[str, ApiClient] = {}
    for number, speaker in enumerate(speakers, start=1):
        user = f"demo-{session_id}-{number}"
        tag = {"speaker": speaker.speaker, "claim": "user", "user_id": user}
        owner.claim(session_id, tag)
        person = ApiClient(settings, user)
        person.claim(session_id, {"speaker": speaker.speaker, "claim": "self"})
        people[speaker.speaker] = person
    return people


def _await_totals(people: Mapping[str, ApiClient], speakers: list[Speaker]) -> dict[str, Totals]:
    totals: dict[str, Totals] = {}
    for speaker in speakers:
        person = people[speaker.speaker]
        totals[speaker.speaker] = _totals(person, speaker.counts)
    return totals


def _totals(person: ApiClient, wanted: int) -> Totals:
    """Wait until the totals have `wanted` counts; after a while return them as they are."""

    def ask() -> Totals:
        return person.read("/v1/users/me/stats?period=all", Totals)

    def are_there(totals: Totals) -> bool:
        return totals.counts == wanted and totals.words_spoken + wanted > 0

    try:
        return until(ask, are_there, TOTALS_TIMEOUT_S, every_s=0.1)
    except TimeoutError:
        return ask()


def _save_card(settings: Settings, label: str, person: ApiClient) -> Path:
    path = settings.data_dir / "cards" / f"{label}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(person.picture(CARD))
    return path
