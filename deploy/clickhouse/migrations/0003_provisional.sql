-- What is known while the phone records. Replaced by the final answer, kept a week, never part of a total.

CREATE TABLE IF NOT EXISTS provisional_etas (
    session_id String,
    eta_ms UInt64 COMMENT 'how long the windows that were left at updated_at would take',
    updated_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(updated_at) ORDER BY session_id TTL toDateTime(updated_at) + INTERVAL 7 DAY;

CREATE TABLE IF NOT EXISTS provisional_voices (
    session_id String,
    through UInt32 COMMENT 'windows that were clustered',
    speakers Array(String) COMMENT 'labels, stable from one answer to the next, not those of the final answer',
    talk_ms Array(UInt64) COMMENT 'of each of them',
    updated_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(through) ORDER BY session_id TTL toDateTime(updated_at) + INTERVAL 7 DAY;

CREATE TABLE IF NOT EXISTS provisional_words (
    session_id String,
    window UInt32,
    speakers Array(String),
    spoken Array(UInt32) COMMENT 'recognised words of each of them in the window',
    counts Array(Map(String, UInt32)) COMMENT 'counted words of each of them in the window',
    updated_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(updated_at) ORDER BY (session_id, window) TTL toDateTime(updated_at) + INTERVAL 7 DAY
