"""How long a message can come back, and how long marks of what was erased are kept for that."""

from schemas.fact_sheet import WEEK_MS
from schemas.topics import ALL

SEGMENT_MS = WEEK_MS
"""A broker removes whole segments. A message may stay as long as its segment is written to."""
DEAD_LETTERS_MS = 4 * WEEK_MS
"""Retention of dead letters: somebody may have been away when they came."""
ON_A_LOG_MS = max(topic.retention_ms for topic in ALL if not topic.compacted) + SEGMENT_MS
LONGEST_REPLAY_MS = ON_A_LOG_MS + DEAD_LETTERS_MS + SEGMENT_MS + ON_A_LOG_MS
"""From an event to its last appearance: on its log, as a dead letter, and replayed to the log.

Nothing makes it longer. A message of an erased session is dropped, so it is no dead letter again.
Compacted topics have no events of a session but its listing, which says that it is erased.
"""
MARKS_MS = 13 * WEEK_MS
"""Markers of erased sessions are kept so long after the last erasure of the session.

That is longer than the longest replay, and four weeks more for clocks and for stages that were off.
"""
