"""One recording through the whole path: played, awaited, shown, claimed."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from adapters.settings import Settings
from deploy.demo.api_client import Stats
from deploy.demo.phone_session import About, record, steadily
from deploy.uuid7 import new_session_id
from producers.phone.client import Phone

OWNER = "demo-owner"
WAIT_S = 1800.0


@dataclass(frozen=True)
class Played:
    """What the demo measured and what the read side answered."""

    session_id: str
    audio_s: float
    stop_to_stats_s: float
    wall_s: float
    speakers: list[dict[str, Any]]
    transcript: dict[str, Any]
    missing: list[dict[str, float]]
    totals: dict[str, dict[str, Any]]
    wrapped: dict[str, dict[str, Any]]
    cards: list[Path]

    def document(self) -> dict[str, Any]:
        """The document of `lahstats demo --json`."""
        return {
            "session_id": self.session_id,
            "audio_s": self.audio_s,
            "stop_to_stats_s": round(self.stop_to_stats_s, 3),
            "wall_s": round(self.wall_s, 3),
            "speakers": [brief(speaker) for speaker in self.speakers],
            "turns": self.transcript["turns"],
            "transcript": [
                {k: w[k] for k in ("speaker", "word", "start_s", "end_s")}
                for w in self.transcript["words"]
            ],
            "missing_audio": self.missing,
        }


def brief(speaker: dict[str, Any]) -> dict[str, Any]:
    quote = next((clip["quote"] for clip in speaker["clips"] if clip["quote"]), "")
    return {
        "label": speaker["speaker"],
        "talk_s": speaker["talk_s"],
        "quote": quote,
        "words": {w["word"]: w["count"] for w in speaker["words"]},
    }


def play(
    settings: Settings, audio: Path, speed: float, console: Console, hint: int | None = None
) -> Played:
    """Blocking. Progress goes to `console`, which is stderr."""
    began, session_id = time.monotonic(), new_session_id()
    stats = Stats(settings, OWNER)
    phone = Phone(settings.url("gateway"), stats.token)
    with _bars(console) as bars:
        playing = bars.add_task("recording", total=None, detail="")
        audio_s = record(
            phone,
            session_id,
            audio,
            steadily(speed),
            lambda s: bars.update(playing, detail=f"{s:.0f} s sent"),
            About(hint),
        )
        bars.update(playing, total=1, completed=1)
        stopped = time.monotonic()
        working = bars.add_task("hearing", total=None, detail="")
        session = stats.await_final(session_id, lambda found: _show(bars, working, found), WAIT_S)
    stop_to_stats_s = time.monotonic() - stopped
    speakers = stats.get(f"/v1/sessions/{session_id}/speakers")["speakers"]
    transcript = stats.get(f"/v1/sessions/{session_id}/transcript")
    phone.close()
    people = _claim_all(settings, stats, session_id, speakers)
    totals = {
        label: _await_totals(person, _counts(speaker))
        for (label, person), speaker in zip(people.items(), speakers, strict=True)
    }
    wrapped = {
        label: person.get("/v1/users/me/wrapped?period=all") for label, person in people.items()
    }
    cards = [_saved(settings, label, person) for label, person in people.items()]
    wall_s = time.monotonic() - began
    return Played(
        session_id,
        audio_s,
        stop_to_stats_s,
        wall_s,
        speakers,
        transcript,
        session["missing_audio"],
        totals,
        wrapped,
        cards,
    )


def _bars(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description:>10}"),
        BarColumn(),
        TextColumn("{task.fields[detail]}"),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console, disable=not console.is_terminal)


def _show(bars: Progress, task: Any, session: dict[str, Any]) -> None:
    done = session["progress"]
    total = 3 * done["windows"] or None
    detail = " ".join(
        f"{stage} {done[stage]}/{done['windows']}" for stage in ("transcribed", "voiced", "counted")
    )
    if session["provisional"] and session["provisional"]["eta_s"]:
        detail += f", {session['provisional']['eta_s']:.0f} s to go"
    bars.update(
        task,
        total=total,
        completed=done["transcribed"] + done["voiced"] + done["counted"],
        detail=detail,
    )


def _claim_all(
    settings: Settings, stats: Stats, session_id: str, speakers: list[dict[str, Any]]
) -> dict[str, Stats]:
    """The owner tags somebody for each voice, and each of them agrees; each as a reader of their own numbers."""
    found = {}
    for number, speaker in enumerate(speakers):
        # A new person for every demo, so that the totals shown are this recording's.
        user = f"demo-{session_id}-{number + 1}"
        stats.claim(session_id, {"speaker": speaker["speaker"], "claim": "user", "user_id": user})
        person = Stats(settings, user)
        person.claim(session_id, {"speaker": speaker["speaker"], "claim": "self"})
        found[speaker["speaker"]] = person
    return found


def _saved(settings: Settings, label: str, person: Stats) -> Path:
    path = settings.data_dir / "cards" / f"{label}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(person.picture("/v1/users/me/wrapped/card?period=all&shape=story&format=png"))
    return path


def _counts(speaker: dict[str, Any]) -> int:
    return sum(word["count"] for word in speaker["words"])


def _await_totals(stats: Stats, wanted: int) -> dict[str, Any]:
    deadline = time.monotonic() + 15
    while True:
        totals = stats.get("/v1/users/me/stats?period=all")
        if (
            totals["counts"] == wanted and totals["words_spoken"] + wanted > 0
        ) or time.monotonic() > deadline:
            return totals
        time.sleep(0.1)
