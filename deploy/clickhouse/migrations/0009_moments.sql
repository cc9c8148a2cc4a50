-- When somebody said what, ordered by person: found among the words of all sessions it was most of what a Wrapped cost.

CREATE TABLE IF NOT EXISTS user_moments (
    user_id String,
    session_id String,
    speaker LowCardinality(String),
    words Array(LowCardinality(String)) COMMENT 'counted words of this user with this voice, in order of time',
    said_ms Array(Int64) COMMENT 'when each was said, Unix milliseconds',
    days Array(Date) COMMENT 'the session''s day of each',
    version UInt64 COMMENT 'credit version, as in user_words'
) ENGINE = ReplacingMergeTree(version) ORDER BY (user_id, session_id, speaker) SETTINGS index_granularity = 256;

INSERT INTO user_moments
SELECT c.user_id, e.session_id, e.speaker, groupArray(e.word), groupArray(toUnixTimestamp64Milli(e.said_at)), groupArray(e.day), any(c.version)
FROM (SELECT * FROM word_events FINAL ORDER BY said_at) AS e
INNER JOIN (SELECT * FROM claims FINAL WHERE user_id != '' AND kind IN ('self', 'user')) AS c ON c.session_id = e.session_id AND c.speaker = e.speaker
GROUP BY c.user_id, e.session_id, e.speaker
