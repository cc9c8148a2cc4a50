-- Sessions whose words were removed after the time that their owner chose: their counts stand, by the lexicon that counted them last.

CREATE TABLE IF NOT EXISTS expired_texts (
    session_id String,
    expired_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(expired_at) ORDER BY session_id
