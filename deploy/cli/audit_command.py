"""`lahstats audit`."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from deploy.cli.options import Json, Since, answer, bar, explained, settings_with_kafka
from schemas.days import unix_ms_of

Repair = Annotated[
    bool, typer.Option("--repair", help="mend what can be computed again, and say what was done")
]
Until = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="only sessions recorded before this day (UTC)"),
]


def audit(
    since: Since = None, until: Until = None, repair: Repair = False, json_: Json = False
) -> None:
    """Whether all that is stored equals what the log and the objects say.

    Prints each difference, and their number last. Exits with 1 when it is not 0. Runs beside live
    traffic; sessions that still move are not judged. `--repair` mends what can be computed again,
    and then compares once more.
    """
    from adapters.process.priority import step_back
    from deploy.audit import audit as audits
    from deploy.audit.span import Span

    settings = settings_with_kafka()
    step_back()
    whole = Span()
    span = Span(_ms(since, whole.since_ms), _ms(until, whole.until_ms))
    with explained("audit"), bar("comparing", transient=True) as progress:
        report = audits.audit_and_repair(settings, span, progress, repair=repair)
    answer(report.document(), json_, report.lines())
    raise typer.Exit(1 if report.differences else 0)


def _ms(day: datetime | None, otherwise: int) -> int:
    if day is None:
        return otherwise
    return unix_ms_of(day.replace(tzinfo=UTC))
