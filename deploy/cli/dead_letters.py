"""`lahstats dlq list | show | replay | drop`."""

import json
from typing import Annotated

import typer
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from adapters.kafka.publisher import KafkaPublisher
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from consumers.dlq.letters import Letter, read, replay

app = typer.Typer(no_args_is_help=True, help="Dead letters: what could not be handled, and why.")
Json = Annotated[bool, typer.Option("--json")]
Place = Annotated[str, typer.Argument(help="TOPIC:OFFSET, as `list` shows it")]


def _row(letter: Letter) -> dict[str, str]:
    return {
        "place": letter.place,
        "topic": letter.topic,
        "stage": letter.stage,
        "reason": letter.reason,
        "detail": letter.detail,
    }


@app.command("list")
def list_(json_: Json = False) -> None:
    """Every dead letter that is kept."""
    rows = [_row(letter) for letter in read(Settings().kafka)]
    lines = [
        f"{row['place']:44} {row['stage']:12} {row['reason']:20} {row['detail']}" for row in rows
    ]
    print(json.dumps(rows) if json_ else "\n".join(lines) or "no dead letters")


def _find(place: str) -> Letter:
    for letter in read(Settings().kafka):
        if letter.place == place:
            return letter
    typer.echo(f"there is no dead letter at {place}: `lahstats dlq list` shows them", err=True)
    raise typer.Exit(1)


@app.command()
def show(place: Place, json_: Json = False) -> None:
    """One dead letter with its original."""
    letter = _find(place)
    original = (letter.value or b"").decode(errors="replace")
    print(
        json.dumps({**_row(letter), "original": original})
        if json_
        else f"{_row(letter)}\n{original}"
    )


@app.command("replay")
def replay_(place: Place) -> None:
    """Send the original back to its stage."""
    publisher = KafkaPublisher(Settings().kafka)
    replay(_find(place), publisher, unix_ms())
    publisher.close()


@app.command()
def drop(place: Place) -> None:
    """Remove this dead letter and every older one of its topic."""
    topic, _, offset = place.rpartition(":")
    admin = AdminClient({"bootstrap.servers": Settings().kafka})
    for future in admin.delete_records([TopicPartition(topic, 0, int(offset) + 1)]).values():
        future.result(timeout=30)
