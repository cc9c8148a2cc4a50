-- Derived from the facts, always recomputed from FINAL for the days that changed, never summed up by an insert.

CREATE TABLE IF NOT EXISTS word_daily (
    day Date,
    word LowCardinality(String),
    count UInt64,
    speakers UInt64 COMMENT 'distinct speakers who said it that day',
    sessions UInt64,
    version UInt64 COMMENT 'Unix milliseconds of the recomputation'
) ENGINE = ReplacingMergeTree(version) PARTITION BY toYYYYMM(day) ORDER BY (day, word);

CREATE TABLE IF NOT EXISTS lexicon (
    word LowCardinality(String),
    category LowCardinality(String),
    emoji String,
    version LowCardinality(String),
    loaded_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(loaded_at) ORDER BY word
