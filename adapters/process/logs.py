"""Structured logs on stderr, one JSON object a line: constant messages, never audio, words or names of people."""

import logging
import sys

import structlog


def configure(process: str) -> None:
    """Call once, in `main`. Third-party loggers are kept to warnings."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s"
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    structlog.contextvars.bind_contextvars(process=process)


def logger() -> structlog.typing.FilteringBoundLogger:
    """A logger; its first argument is a constant snake_case event."""
    return structlog.get_logger()  # type: ignore[no-any-return]
