"""Rejections of what can never be handled, and the headers of dead letters."""

from enum import StrEnum

KEY_REUSED = "key_reused"
"""Reason for a request whose id was used for another request. The first decision stands."""


class Reason(StrEnum):
    """Why something was rejected: the label of the metric and a header of the dead letter."""

    NOT_JSON = "not_json"
    UNKNOWN_EVENT = "unknown_event"
    UNKNOWN_VERSION = "unknown_version"
    MALFORMED_EVENT = "malformed_event"
    WRONG_TOPIC = "wrong_topic"
    UNKNOWN_SESSION = "unknown_session"
    OBJECT_MISSING = "object_missing"
    OBJECT_DAMAGED = "object_damaged"
    UNDECODABLE_AUDIO = "undecodable_audio"
    AUDIO_TOO_LONG = "audio_too_long"
    ATTEMPTS_EXHAUSTED = "attempts_exhausted"
    TEXT_EXPIRED = "text_expired"
    FOLD_FAILED = "fold_failed"
    NO_ANSWER = "no_answer"
    STEP_FAILED = "step_failed"
    ROW_REFUSED = "row_refused"
    ERASURE_WAITED = "erasure_waited"


class Rejected(Exception):
    """Raised for input that can never be handled: it is not tried again.

    Its message becomes a dead letter. `detail` explains the reason to an operator. It holds no
    content: no value, word or name.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        """Keep the reason and the detail for the dead letter."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Header(StrEnum):
    """Kafka headers of a dead letter: place of the original, reason, stage and attempts."""

    REASON = "lah-reason"
    STAGE = "lah-stage"
    ATTEMPT = "lah-attempt"
    TOPIC = "lah-topic"
    PARTITION = "lah-partition"
    OFFSET = "lah-offset"
    DETAIL = "lah-detail"
