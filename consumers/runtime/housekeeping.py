"""Work that a step does now and then, and that is about none of its messages."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from adapters.process.logs import logger
from adapters.process.retry import MachineError, TransientError


@runtime_checkable
class KeepsHouse(Protocol):
    """A step with such work. The loop asks for it before each batch, and while no message comes."""

    def keep_house(self) -> None:
        """Do what is due. Blocking; raises TransientError and MachineError. Repeatable."""


def keep_house(stage: str, work: Callable[[], None]) -> None:
    """Does `work`. A defect in it is logged, and not blamed on the messages that come next.

    Raises TransientError and MachineError as `work` does.
    """
    try:
        work()
    except (TransientError, MachineError):
        raise
    except Exception as error:  # noqa: BLE001 - it comes again, and messages must not wait for it
        logger().error(
            "housekeeping_failed", stage=stage, error=type(error).__name__, exc_info=error
        )
