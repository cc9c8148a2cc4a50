"""The result of a demo as people read it."""

from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.demo.playback import Played, brief


def show(played: Played, console: Console) -> None:
    """The result as people read it."""
    for speaker in played.speakers:
        shown = brief(speaker)
        console.print(
            f"\n[bold]{shown['label']}[/]  {shown['talk_s']:.0f} s  “{shown['quote']}”",
            highlight=False,
        )
        table = Table(show_header=False, box=None)
        for word in speaker["words"]:
            table.add_row(
                f"{word['emoji']} {word['word']}", str(word["count"]), "█" * word["count"]
            )
        console.print(table)
    console.print()
    for label, totals in played.totals.items():
        console.print(
            f"claimed {label}: {totals['counts']} Singlish words in {totals['words_spoken']} words, {totals['talk_s']:.0f} s of talk"
        )
    for label, wrapped in played.wrapped.items():
        console.print(f"{label}'s Wrapped: {_story(wrapped['cards'])}", highlight=False)
    console.print(
        f"cards to pass on: {', '.join(map(str, played.cards))}", highlight=False, soft_wrap=True
    )
    for span in played.missing:
        console.print(f"[yellow]not heard: {span['start_s']:.1f} to {span['end_s']:.1f} s[/]")
    console.print(
        f"{played.audio_s:.0f} s of audio; stats {played.stop_to_stats_s:.1f} s after stop; {played.wall_s:.0f} s in all"
    )


def _story(cards: dict[str, Any]) -> str:
    """A Wrapped in one line; nothing of it is made up when there is little."""
    if cards["personality"] is None:
        return "nothing to tell yet"
    favourite, peak = cards["top_words"]["top"][0], cards["moments"]["peak"]
    signature = f", signature {cards['signature']['word']}" if cards["signature"] else ""
    badges = (
        f", badges: {', '.join(badge['name'] for badge in cards['badges'])}"
        if cards["badges"]
        else ""
    )
    return f"{cards['personality']['name']} ({favourite['word']} x {favourite['count']}){signature}, {peak['counts']} in the densest minute{badges}"
