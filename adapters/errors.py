"""The three fates of an error: transient is retried, permanent is dead-lettered, anything else crashes."""

from schemas.dead_letters import Reason


class TransientError(Exception):
    """The outside is not there just now: wait and try again, then crash. Names the part, never its contents."""


class PermanentError(Exception):
    """This input can never be handled; `reason` goes on the dead letter."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
