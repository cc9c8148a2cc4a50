"""Pure: the slide show after a recording."""

from collections.abc import Mapping
from typing import Any

MOST_WORDS = 5
HOW = {
    "table": "Every counted word that anybody at the table said, claimed or not. The rate is told from 500 words on.",
    "slides": "Words that this voice said. Where two spoke at once, a word goes to whom it fits best. A claim moves them all to whoever made it.",
}


def session_story(
    session: Mapping[str, Any], speakers: Mapping[str, Any], results: Mapping[str, Any]
) -> dict[str, Any]:
    """One slide for the table, one for each speaker in order of counts; each with a clip when there is one."""
    rates = {row["speaker"]: row for row in results["speakers"]}
    talk_s = sum(speaker["talk_s"] for speaker in speakers["speakers"])
    slides = [
        _slide(speaker, rates.get(speaker["speaker"], {}), talk_s)
        for speaker in speakers["speakers"]
    ]
    total = results["total"]
    table = {
        "speakers": len(slides),
        "minutes": round(session["audio_s"] / 60, 1),
        "counts": total["singlish_words"],
    }
    emoji = {
        word["word"]: word["emoji"] for speaker in speakers["speakers"] for word in speaker["words"]
    }
    top = [
        {"word": word, "count": count, "emoji": emoji.get(word, "")}
        for word, count in list(total["words"].items())[:MOST_WORDS]
    ]
    return {
        "session_id": session["session_id"],
        "group_id": session["group_id"],
        "state": session["state"],
        "recorded_at": session["recorded_at"],
        "time_zone": session["time_zone"],
        "table": {
            **table,
            "words_spoken": total["words_spoken"],
            "rate_per_1000": total["rate_per_1000"],
            "top_words": top,
        },
        "slides": sorted(slides, key=lambda slide: (-slide["counts"], slide["speaker"])),
        "missing_audio": session["missing_audio"],
        "how": HOW,
    }


def _slide(speaker: Mapping[str, Any], rates: Mapping[str, Any], talk_s: float) -> dict[str, Any]:
    return {
        "speaker": speaker["speaker"],
        "claim": speaker["claim"],
        "talk_s": speaker["talk_s"],
        "talk_share": round(speaker["talk_s"] / talk_s, 3) if talk_s else 0.0,
        "counts": sum(word["count"] for word in speaker["words"]),
        "words_spoken": rates.get("words_spoken", 0),
        "rate_per_1000": rates.get("rate_per_1000"),
        "top_words": speaker["words"][:MOST_WORDS],
        "clip": speaker["clips"][0] if speaker["clips"] else None,
    }
