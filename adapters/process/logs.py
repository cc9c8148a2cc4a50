"""Structured logs on stderr: one JSON object a line, from our loggers and from libraries.

An event is a constant snake_case message with fields beside it. Audio, words and names of people
are never logged.
"""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,
]


def configure(process: str) -> None:
    """Call once, in `main`. Libraries log warnings and errors alone."""
    structlog.contextvars.bind_contextvars(process=process)
    structlog.configure(
        processors=[*_SHARED, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(handlers=[json_handler(process)], level=logging.WARNING, force=True)


def json_handler(process: str) -> logging.Handler:
    """Writes records of the standard library as the same JSON.

    `configure` gives one to the root logger. A library that replaces the root's handlers (Faust
    does) gets another.
    """

    def add_origin(_: Any, __: str, event: EventDict) -> EventDict:
        event.setdefault("process", process)  # a library's own thread has no context variables
        event["logger"] = event["_record"].name
        return event

    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            add_origin,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    return handler


def logger() -> structlog.typing.FilteringBoundLogger:
    """A logger; its first argument is a constant snake_case event."""
    return structlog.get_logger()  # type: ignore[no-any-return]
