"""`lahstats dlq list | show | replay | drop`."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.amounts import amount
from deploy.cli.options import Json, answer, explained, refused, settings_with_kafka

if TYPE_CHECKING:
    from adapters.settings import Settings
    from consumers.dlq.letters import Letter

app = typer.Typer(no_args_is_help=True, help="Dead letters: what could not be handled, and why.")
Place = Annotated[str, typer.Argument(help="TOPIC:OFFSET, as `list` shows it")]
Yes = Annotated[bool, typer.Option("--yes", help="do not ask")]
DELETE_TIMEOUT_S = 30


@app.command("list")
def list_(json_: Json = False) -> None:
    """Every dead letter that is kept."""
    from deploy.table_printer import as_text

    letters = _letters()
    rows = [(one.place, one.stage, one.reason, one.session, one.detail) for one in letters]
    names = ("place", "stage", "reason", "session", "detail")
    text = as_text(names, rows) if rows else "no dead letters"
    answer([_facts(one) for one in letters], json_, text)


@app.command()
def show(place: Place, json_: Json = False) -> None:
    """One dead letter with its original."""
    letter = _find(place, _letters())
    original = (letter.value or b"").decode(errors="replace")
    facts = _facts(letter)
    lines = [*(f"{name}: {value}" for name, value in facts.items()), original]
    answer({**facts, "original": original}, json_, "\n".join(lines))


@app.command()
def replay(place: Place, json_: Json = False) -> None:
    """Send the original back to its stage, unless a newer row has replaced it.

    Nor is it sent when somebody whom it names erased everything since.
    """
    from contextlib import closing
    from functools import partial

    from adapters.kafka.publisher import KafkaPublisher
    from adapters.kafka.reader import values
    from adapters.process.clock import unix_ms
    from adapters.settings import Settings
    from consumers.dlq import letters, people

    letter = _find(place, _letters())
    settings = Settings()
    bootstrap = settings.kafka
    with explained(place), closing(KafkaPublisher(bootstrap)) as publisher:
        people.refuse_of_who_left(letter, partial(_left_ms, settings))
        is_sent = letters.replay(letter, publisher, partial(values, bootstrap), unix_ms())
    text = f"sent back to {letter.topic}"
    if not is_sent:
        text = f"not sent: a newer row of {letter.topic} has replaced it"
    answer({"replayed": place, "topic": letter.topic, "sent": is_sent}, json_, text)


def _left_ms(settings: "Settings", users: Sequence[str]) -> int:
    from contextlib import closing

    from adapters.warehouse import Warehouse
    from consumers.dlq.people import left_ms

    with closing(Warehouse(settings)) as warehouse:
        return left_ms(warehouse, users)


@app.command()
def drop(place: Place, yes: Yes = False, json_: Json = False) -> None:
    """Remove this dead letter and every older one of its topic.

    Kafka removes records from the beginning of a topic only. Asks first, and says how many go.
    """
    from confluent_kafka import TopicPartition
    from confluent_kafka.admin import AdminClient

    from adapters.kafka.client import client, transient_when_away
    from adapters.settings import Settings

    letters = _letters()
    topic, offset = _coordinates(_find(place, letters).place)
    dropped = [one.place for one in letters if _is_dropped(one.place, topic, offset)]
    if not yes:
        older = amount(len(dropped) - 1, "older dead letter", "older dead letters")
        question = f"Remove {place} and {older} of {topic}?"
        typer.confirm(question, abort=True, err=True)
    admin = AdminClient(client(Settings().kafka, {}))
    with explained(place), transient_when_away():
        for future in admin.delete_records([TopicPartition(topic, 0, offset + 1)]).values():
            future.result(timeout=DELETE_TIMEOUT_S)
    gone = amount(len(dropped), "dead letter", "dead letters")
    answer({"dropped": dropped}, json_, f"dropped {gone} of {topic}")


def _letters() -> list["Letter"]:
    from consumers.dlq.letters import read

    bootstrap = settings_with_kafka().kafka
    with explained("dead letters"):
        return list(read(bootstrap))


def _find(place: str, letters: Iterable["Letter"]) -> "Letter":
    for letter in letters:
        if letter.place == place:
            return letter
    raise refused(f"there is no dead letter at {place}: `lahstats dlq list` shows them")


def _coordinates(place: str) -> tuple[str, int]:
    topic, _, offset = place.rpartition(":")
    return topic, int(offset)


def _is_dropped(place: str, topic: str, last_offset: int) -> bool:
    of_topic, offset = _coordinates(place)
    return of_topic == topic and offset <= last_offset


def _facts(letter: "Letter") -> dict[str, str]:
    return {
        "place": letter.place,
        "topic": letter.topic,
        "stage": letter.stage,
        "reason": letter.reason,
        "session": letter.session,
        "detail": letter.detail,
    }
