-- What the boards and a Wrapped add up: a row a day and voice, its words in arrays, in place of a row a word (`lahstats benchmark
-- warehouse`). `user_words` stays as it is for whoever asks in SQL; both are set by the same event, whole, and replace by the same version.

CREATE TABLE IF NOT EXISTS user_days (
    user_id String,
    day Date,
    session_id String,
    speaker LowCardinality(String),
    words Array(LowCardinality(String)) COMMENT 'lexicon words of this user that day with this voice, those that were said; empty after a release',
    counts Array(UInt32) COMMENT 'how often each of them',
    count UInt32 COMMENT 'all of them together',
    spoken UInt32 COMMENT 'recognised words that day',
    talk_ms UInt64 COMMENT 'talk of the session, on the first of its days',
    version UInt64 COMMENT 'credit version, as in user_words'
) ENGINE = ReplacingMergeTree(version)
PARTITION BY toYear(day) ORDER BY (user_id, day, session_id, speaker) SETTINGS index_granularity = 256;

INSERT INTO user_days
SELECT user_id, day, session_id, speaker, groupArrayIf(word, count > 0), groupArrayIf(count, count > 0), sum(count), sum(spoken), sum(talk_ms), max(version)
FROM (SELECT user_id, day, session_id, speaker, word, count, spoken, talk_ms, version FROM user_words FINAL)
GROUP BY user_id, day, session_id, speaker
