-- Sessions that were erased: a sink that looks here writes no rows of them, whatever is replayed.

CREATE TABLE IF NOT EXISTS erased_sessions (
    session_id String,
    first Date COMMENT 'day from which its rows may have lain',
    last Date COMMENT 'day to which',
    erased_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = ReplacingMergeTree(erased_at) ORDER BY session_id
