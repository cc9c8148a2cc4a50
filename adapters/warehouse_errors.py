"""ClickHouse's errors and their fates: wait and try again, refuse these rows, or a defect of ours.

The names are ClickHouse's own; a test asks the engine for them.
"""

import struct

import urllib3
from clickhouse_connect.driver.exceptions import (
    DatabaseError,
    DataError,
    OperationalError,
)

from adapters.process.retry import MachineError, TransientError
from schemas.rejections import Reason, Rejected

TRANSIENT = {
    74: "CANNOT_READ_FROM_FILE_DESCRIPTOR",
    75: "CANNOT_WRITE_TO_FILE_DESCRIPTOR",
    76: "CANNOT_OPEN_FILE",
    95: "CANNOT_READ_FROM_SOCKET",
    96: "CANNOT_WRITE_TO_SOCKET",
    159: "TIMEOUT_EXCEEDED",
    160: "TOO_SLOW",
    173: "CANNOT_ALLOCATE_MEMORY",
    198: "DNS_ERROR",
    201: "QUOTA_EXCEEDED",
    202: "TOO_MANY_SIMULTANEOUS_QUERIES",
    203: "NO_FREE_CONNECTION",
    204: "CANNOT_FSYNC",
    209: "SOCKET_TIMEOUT",
    210: "NETWORK_ERROR",
    225: "NO_ZOOKEEPER",
    236: "ABORTED",
    241: "MEMORY_LIMIT_EXCEEDED",
    242: "TABLE_IS_READ_ONLY",
    243: "NOT_ENOUGH_SPACE",
    252: "TOO_MANY_PARTS",
    254: "NO_ACTIVE_REPLICAS",
    255: "TOO_MANY_RETRIES_TO_FETCH_PARTS",
    279: "ALL_CONNECTION_TRIES_FAILED",
    285: "TOO_FEW_LIVE_REPLICAS",
    286: "UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE",
    289: "REPLICA_IS_NOT_IN_QUORUM",
    319: "UNKNOWN_STATUS_OF_INSERT",
    369: "ALL_REPLICAS_ARE_STALE",
    373: "SESSION_IS_LOCKED",
    394: "QUERY_WAS_CANCELLED",
    416: "REPLICA_STATUS_CHANGED",
    425: "SYSTEM_ERROR",
    439: "CANNOT_SCHEDULE_TASK",
    473: "DEADLOCK_AVOIDED",
    499: "S3_ERROR",
    574: "DISTRIBUTED_TOO_MANY_PENDING_BYTES",
    692: "TOO_MANY_MUTATIONS",
    722: "ASYNC_LOAD_WAIT_FAILED",
    733: "TABLE_IS_BEING_RESTARTED",
    745: "SERVER_OVERLOADED",
    999: "KEEPER_EXCEPTION",
    1000: "POCO_EXCEPTION",
    1001: "STD_EXCEPTION",
}
"""The server, its disk, its memory or its network cannot do it now."""

REFUSED = {
    6: "CANNOT_PARSE_TEXT",
    26: "CANNOT_PARSE_QUOTED_STRING",
    27: "CANNOT_PARSE_INPUT_ASSERTION_FAILED",
    32: "ATTEMPT_TO_READ_AFTER_EOF",
    33: "CANNOT_READ_ALL_DATA",
    38: "CANNOT_PARSE_DATE",
    41: "CANNOT_PARSE_DATETIME",
    53: "TYPE_MISMATCH",
    69: "ARGUMENT_OUT_OF_BOUND",
    70: "CANNOT_CONVERT_TYPE",
    72: "CANNOT_PARSE_NUMBER",
    117: "INCORRECT_DATA",
    128: "TOO_LARGE_ARRAY_SIZE",
    130: "CANNOT_READ_ARRAY_FROM_TEXT",
    131: "TOO_LARGE_STRING_SIZE",
    190: "SIZES_OF_ARRAYS_DONT_MATCH",
    321: "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE",
    349: "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN",
    376: "CANNOT_PARSE_UUID",
    407: "DECIMAL_OVERFLOW",
    441: "CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING",
    469: "VIOLATED_CONSTRAINT",
    675: "CANNOT_PARSE_IPV4",
    676: "CANNOT_PARSE_IPV6",
    691: "UNKNOWN_ELEMENT_OF_ENUM",
}
"""Something in the rows can never be written. Their neighbours can."""

TOO_MANY_PARTS = 252
ONE_BLOCK = "single INSERT block"
"""In the text of a 252 that says that the rows of one insert lie in too many partitions."""


class RowsRefusedError(Rejected):
    """One of the rows of an insert can never be written; nothing of the insert was.

    No repeat helps. Half of the rows may be taken: try again with fewer, until one row is left.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(Reason.ROW_REFUSED, detail)


class StatementRefusedError(DatabaseError, MachineError):
    """A statement of ours is refused, whatever values it has: a defect, or tables that are absent.

    The message that it was made for is not to blame.
    """


BAD_VALUES = (DataError, TypeError, ValueError, OverflowError, AttributeError, struct.error)
"""Raised by the client when it cannot turn a value into the type of its column."""
AWAY = (OperationalError, urllib3.exceptions.HTTPError, OSError)
"""Raised by the client when no answer came. The first is a DatabaseError by its class alone."""


def translated(error: Exception) -> Exception:
    """The error to raise in place of the client's: TransientError, RowsRefusedError or `error`."""
    if isinstance(error, AWAY):
        return TransientError(f"clickhouse is away: {type(error).__name__}")
    if not isinstance(error, DatabaseError):
        return error
    code = error.code or 0
    if code == TOO_MANY_PARTS and ONE_BLOCK in str(error):
        return RowsRefusedError("clickhouse refuses the rows: too many partitions")
    if code in REFUSED:
        return RowsRefusedError(f"clickhouse refuses the rows: {REFUSED[code]}")
    if code in TRANSIENT:
        return TransientError(f"clickhouse cannot do it now: {TRANSIENT[code]}")
    if not code and type(error) is DatabaseError:
        return TransientError("clickhouse did not answer: a proxy before it did")
    return StatementRefusedError(*error.args, code=error.code, name=error.name)


def translated_insert(error: Exception) -> Exception:
    """The same for an insert, whose values the client turns into columns first."""
    if isinstance(error, BAD_VALUES) and not isinstance(error, OSError):
        return RowsRefusedError(f"clickhouse's client refuses the rows: {type(error).__name__}")
    return translated(error)
