"""Why a message could not be handled: one word for the metric label and for the dead letter's header."""

from enum import StrEnum


class Reason(StrEnum):
    """Permanent failures. Every dead letter carries exactly one."""

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


class Header(StrEnum):
    """Kafka headers of a dead letter: where the original lay and why it is here."""

    REASON = "lah-reason"
    STAGE = "lah-stage"
    ATTEMPT = "lah-attempt"
    TOPIC = "lah-topic"
    PARTITION = "lah-partition"
    OFFSET = "lah-offset"
    DETAIL = "lah-detail"
