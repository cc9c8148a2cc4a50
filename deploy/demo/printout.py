"""The result of a demo as people read it."""

from rich.console import Console
from rich.table import Table

from deploy.amounts import amount
from deploy.demo.api_answers import Cards, Speaker, Totals
from deploy.demo.playback import Played


def show(played: Played, console: Console) -> None:
    """Print speakers with their words, the totals of each claim, and the times."""
    for speaker in played.speakers:
        _show_speaker(speaker, console)
    console.print()
    for label, totals in played.totals.items():
        console.print(claimed(label, totals))
    for label, wrapped in played.wrapped.items():
        console.print(f"{label}'s Wrapped: {told(wrapped.cards)}", highlight=False)
    cards = ", ".join(map(str, played.cards))
    console.print(f"cards to pass on: {cards}", highlight=False, soft_wrap=True)
    for span in played.missing:
        console.print(f"[yellow]missing audio: {span.start_s:.1f} to {span.end_s:.1f} s[/]")
    console.print(
        f"{played.audio_s:.0f} s of audio; stats {played.stop_to_stats_s:.1f} s after stop; "
        f"{played.wall_s:.0f} s in all"
    )


def claimed(label: str, totals: Totals) -> str:
    """Return what somebody has of the voice that they claimed, in one line."""
    counts = amount(totals.counts, "Singlish word", "Singlish words")
    words = amount(totals.words_spoken, "word", "words")
    return f"claimed {label}: {counts} in {words}, {totals.talk_s:.0f} s of talk"


def _show_speaker(speaker: Speaker, console: Console) -> None:
    head = f"\n[bold]{speaker.speaker}[/]  {speaker.talk_s:.0f} s  “{speaker.quote}”"
    console.print(head, highlight=False)
    table = Table(show_header=False, box=None)
    for word in speaker.words:
        table.add_row(
            f"{word.emoji} {word.word}",
            str(word.count),
            "█" * word.count,
        )
    console.print(table)


def told(cards: Cards) -> str:
    """Return a Wrapped in one line. Nothing is made up when there is little."""
    if cards.personality is None or cards.top_words is None or not cards.top_words.top:
        return "nothing to tell yet"
    favourite = cards.top_words.top[0]
    story = f"{cards.personality.name} ({favourite.word} x {favourite.count})"
    if cards.signature:
        story += f", signature {cards.signature.word}"
    if cards.moments and cards.moments.peak:
        story += f", {cards.moments.peak.counts} in the densest minute"
    if cards.badges:
        story += f", badges: {', '.join(badge.name for badge in cards.badges)}"
    return story
