"""What is known of a session while it is recorded: provisional speakers, their words, when it will be done."""

from typing import Any

from adapters.warehouse import Row


def so_far(etas: list[Row], voices: list[Row], words: list[Row]) -> dict[str, Any]:
    """Talk time and counts by provisional label; `eta_s` is null until the phone has stopped."""
    said = {found["speaker"]: found for found in words}
    talk = dict(zip(voices[0]["speakers"], voices[0]["talk_ms"], strict=True)) if voices else {}
    speakers = [
        _speaker(label, talk.get(label, 0), said.get(label))
        for label in sorted(talk | said, key=_number)
    ]
    return {"eta_s": etas[0]["eta_ms"] / 1000 if etas else None, "speakers": speakers}


def _speaker(label: str, talk_ms: int, said: Row | None) -> dict[str, Any]:
    counts = sorted(said["words"].items(), key=lambda item: (-item[1], item[0])) if said else []
    return {
        "speaker": label,
        "talk_s": talk_ms / 1000,
        "words_spoken": said["spoken_words"] if said else 0,
        "words": dict(counts),
    }


def _number(label: str) -> tuple[int, str]:
    return len(label), label
