-- Counted words, the totals of a day, and the lexicon.

CREATE TABLE IF NOT EXISTS word_events (
    window_day Date COMMENT 'day on which the window starts; leads the key',
    session_id String COMMENT 'the session',
    window UInt32 COMMENT 'number of the window',
    ordinal UInt32 COMMENT '0..n-1 within the window',
    generation UInt32 COMMENT 'generation that counted it',
    deleted UInt8 COMMENT '1: an earlier generation had this ordinal, this one has not',
    speaker LowCardinality(String) COMMENT 'speaker label',
    word LowCardinality(String) COMMENT 'lexicon word',
    said_at DateTime64(3, 'UTC') COMMENT 'when it was said, never when it was counted',
    day Date COMMENT 'the session''s day, cut at 04:00 in its time zone',
    probability Float32 COMMENT 'that it was said',
    reason LowCardinality(String) COMMENT 'exact, variant, sense, misheard',
    maybe Bool COMMENT 'too improbable to be shown as a count, and in no total',
    lexicon LowCardinality(String) COMMENT 'version of the lexicon that counted it',
    source_topic LowCardinality(String) COMMENT 'provenance only',
    source_partition UInt16 COMMENT 'provenance only',
    source_offset UInt64 COMMENT 'provenance only'
) ENGINE = ReplacingMergeTree(generation, deleted)
PARTITION BY toYYYYMM(window_day) ORDER BY (window_day, session_id, window, ordinal)
SETTINGS index_granularity = 512;

CREATE TABLE IF NOT EXISTS spoken_windows (
    day Date COMMENT 'the session''s day on which the window starts',
    session_id String COMMENT 'the session',
    window UInt32 COMMENT 'number of the window',
    generation UInt32 COMMENT 'generation that counted it',
    speakers Array(String) COMMENT 'speaker labels',
    spoken Array(UInt32) COMMENT 'recognised words of each of them in the window'
) ENGINE = ReplacingMergeTree(generation)
PARTITION BY toYYYYMM(day) ORDER BY (day, session_id, window);

-- Derived: days that changed are computed again from FINAL, never summed up by an insert.
CREATE TABLE IF NOT EXISTS word_daily (
    day Date COMMENT 'the session''s day',
    word LowCardinality(String) COMMENT 'lexicon word',
    count UInt64 COMMENT 'how often it was said',
    speakers UInt64 COMMENT 'distinct speakers who said it that day',
    sessions UInt64 COMMENT 'distinct sessions in which it was said',
    version UInt64 COMMENT 'Unix milliseconds of the computation, and above the version that it replaces'
) ENGINE = ReplacingMergeTree(version) ORDER BY (day, word);

CREATE TABLE IF NOT EXISTS lexicon (
    word LowCardinality(String) COMMENT 'as it is counted',
    category LowCardinality(String) COMMENT 'exclamation, particle, …',
    emoji String COMMENT 'how it is shown',
    version LowCardinality(String) COMMENT 'of the lexicon',
    loaded_at DateTime64(3, 'UTC') COMMENT 'when it was loaded last'
) ENGINE = ReplacingMergeTree(loaded_at) ORDER BY word;

CREATE TABLE IF NOT EXISTS lexicon_versions (
    version String COMMENT 'of the lexicon',
    loaded_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) COMMENT 'when it was first loaded'
) ENGINE = AggregatingMergeTree ORDER BY version
