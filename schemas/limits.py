"""Every limit of what people may send, in one table.

Both HTTP sides refuse what is beyond a limit, and their OpenAPI documents show it. The whole inside
holds what is within: events, folds, objects, and the columns of the warehouse.
"""

from dataclasses import dataclass
from datetime import date

SECOND_MS = 1_000
HOUR_MS = 3_600 * SECOND_MS
DAY_MS = 24 * HOUR_MS
KIB = 1 << 10
MIB = 1 << 20
LEAST_PUBLISHED = 5
"""Nothing about fewer people is published, or told to somebody who is none of them."""


@dataclass(frozen=True)
class Limit:
    """The least and the most that is accepted, both included, in `unit`."""

    least: int
    most: int
    unit: str
    about: str

    def holds(self, number: int) -> bool:
        """Whether `number` is within."""
        return self.least <= number <= self.most

    def __str__(self) -> str:
        """For people: `0 to 4999`, and the unit."""
        return f"{self.least} to {self.most} {self.unit}".rstrip()


@dataclass(frozen=True)
class Rate:
    """Requests that are accepted: so many `a_minute` on and on, and `burst` at once before."""

    a_minute: int
    burst: int
    about: str

    def __str__(self) -> str:
        """For people."""
        return f"{self.a_minute} a minute, {self.burst} at once"


SESSION_MS = Limit(1, 12 * HOUR_MS, "ms", "a session's timeline, to the end of its last chunk")
CHUNKS = Limit(0, 5_000, "", "chunks of a session")
CHUNK_NUMBER = Limit(0, CHUNKS.most - 1, "", "number of a chunk")
CHUNK_START_MS = Limit(0, SESSION_MS.most - 1, "ms", "Lah-Start-Ms")
CHUNK_DURATION_MS = Limit(1, 120 * SECOND_MS, "ms", "Lah-Duration-Ms, and a chunk's audio")
CHUNK_BYTES = Limit(1, 8 * MIB, "bytes", "body of a chunk")
JSON_BYTES = Limit(0, 64 * KIB, "bytes", "body of every other request")

FIRST_DAY = date(1970, 1, 2)
LAST_DAY = date(2149, 6, 5)
"""The range of ClickHouse's Date, without the day that stands for none."""
HEAD_BYTES = Limit(0, 32 * KIB, "bytes", "line and fields of a request")
HEAD_S = Limit(0, 10, "s", "until the head of a request is here, and until the first one begins")
BODY_S = Limit(0, 15, "s", "without a byte of a body, and more than BODY_RATE asks for")
BODY_RATE = Limit(2 * KIB, CHUNK_BYTES.most, "bytes a second", "a body, beyond its first 15 s")
REST_S = Limit(0, 5, "s", "for the rest of a body whose request was answered already")
ANSWER_S = Limit(0, 60, "s", "until a client takes a part of its answer")
IDLE_S = Limit(0, 5, "s", "between two requests of a connection")
CONNECTIONS = Limit(0, 8_000, "", "open connections of one process")
CONNECTIONS_OF_CLIENT = Limit(0, 1_000, "", "open connections of an address, of an IPv6 /64")

REQUESTS_OF_ADDRESS = Rate(30_000, 30_000, "requests of an address, of an IPv6 /64")
REQUESTS_OF_USER = Rate(1_200, 2_400, "requests of a user, chunks apart")
BEGUN_OF_USER = Rate(10, 1_000, "new sessions and groups of a user: they are listed for good")
CHUNKS_OF_USER = Rate(3_000, 6_000, "chunks of a user: a whole session may come at once")

RECORDED = Limit(-10 * 366, 1, "days", "a phone's time, from its arrival on; else it is corrected")
COUNTED_WORD = Limit(1, 60, "characters", "a word of the lexicon")
CORRECTION = Limit(1, 1_000_000_000, "", "number of a hint, a merge or a split")
CHANGE = Limit(1, 1_000_000_000, "", "number of a change of a claim")
HINT = Limit(1, 20, "people", "hint")
TRANSCRIPT_DAYS = Limit(0, 10 * 365, "days", "keep_transcript_days")
KEEP_DAYS = 30
"""Days that words are kept where nobody chose otherwise."""
NAME = Limit(1, 60, "characters", "name of a person, a guest or a group, in NFC and trimmed")
USER_ID = Limit(1, 128, "characters", "id of a user: `sub` of the token")
GROUP_ID = Limit(1, 64, "characters", "id of a group")
SPEAKER_LABEL = Limit(1, 20, "characters", "speaker label")
TIME_ZONE = Limit(1, 40, "characters", "IANA name of a time zone")
CONSENT_TEXT = Limit(1, 40, "characters", "version of the consent's text")
INVITE_CODE = Limit(4, 40, "characters", "invite code")

PERIOD = Limit(1, 22, "characters", "period")
QR = Limit(1, 300, "characters", "text of a QR code")
SEARCH = Limit(1, NAME.most, "characters", "text to search people by")
PAGE = Limit(1, 100, "sessions", "page of a list")
TREND = Limit(1, 366, "steps", "length of a trend")
COMPARED = Limit(2, 10, "sessions", "sessions side by side")
SESSION_IDS = Limit(0, 400, "characters", "ids of sessions to compare, joined by commas")
CURSOR = Limit(0, 50, "characters", "cursor of a list of sessions")
EVENT_ID = Limit(0, 64, "characters", "Last-Event-ID")
TAGS = Limit(0, 400, "characters", "If-None-Match")

STREAMS = Limit(0, 10, "streams", "open event streams of a user; the oldest is closed")

TABLE = tuple(value for value in dict(globals()).values() if isinstance(value, Limit))
"""All of them, in this order."""
RATES = tuple(value for value in dict(globals()).values() if isinstance(value, Rate))
"""All of them."""


def markdown() -> str:
    """The table for the OpenAPI documents."""
    both: tuple[Limit | Rate, ...] = (*TABLE, *RATES)
    rows = [f"| {limit.about} | {limit} |" for limit in both]
    days = f"| days of a period or a link | {FIRST_DAY} to {LAST_DAY} |"
    return "\n".join(["| limit | accepted |", "|---|---|", *rows, days])
