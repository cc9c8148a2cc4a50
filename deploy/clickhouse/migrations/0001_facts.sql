-- Facts as they come from the topics. Every table is set, never added to: a newer generation or version replaces.

CREATE TABLE IF NOT EXISTS sessions (
    session_id String COMMENT 'UUIDv7 that the phone made',
    owner String COMMENT 'who recorded',
    group_id String DEFAULT '' COMMENT 'group of the session, empty when none',
    state LowCardinality(String) COMMENT 'recording, processing, ready_for_claiming, completed, failed, erased',
    generation UInt32 COMMENT 'generation this state belongs to',
    recorded_at DateTime64(3, 'UTC') COMMENT 'start on the phone''s clock',
    time_zone LowCardinality(String) COMMENT 'IANA zone of the session',
    audio_ms UInt64 COMMENT 'length of the session''s timeline, milliseconds',
    version UInt64 COMMENT 'generation * 10 + rank of the state: the newest state wins'
) ENGINE = ReplacingMergeTree(version) ORDER BY session_id;

CREATE TABLE IF NOT EXISTS progress (
    session_id String,
    windows UInt32 COMMENT 'windows cut so far',
    transcribed UInt32,
    voiced UInt32,
    counted UInt32,
    audio_ms UInt64,
    updated_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(updated_at) ORDER BY session_id TTL toDateTime(updated_at) + INTERVAL 7 DAY;

CREATE TABLE IF NOT EXISTS word_events (
    window_day Date COMMENT 'day on which the window starts; leads the key',
    session_id String,
    window UInt32,
    ordinal UInt32 COMMENT '0..n-1 within the window',
    generation UInt32,
    deleted UInt8 COMMENT '1: an earlier generation held this ordinal, this one does not',
    speaker LowCardinality(String),
    word LowCardinality(String) COMMENT 'lexicon word',
    said_at DateTime64(3, 'UTC') COMMENT 'when it was said, never when it was counted',
    day Date COMMENT 'the session''s day, cut at 04:00 in its time zone',
    probability Float32,
    reason LowCardinality(String) COMMENT 'exact, variant, sense, misheard',
    lexicon LowCardinality(String),
    source_topic LowCardinality(String) COMMENT 'provenance only',
    source_partition UInt16,
    source_offset UInt64
) ENGINE = ReplacingMergeTree(generation, deleted)
PARTITION BY toYYYYMM(window_day) ORDER BY (window_day, session_id, window, ordinal);

CREATE TABLE IF NOT EXISTS user_words (
    user_id String,
    day Date,
    session_id String,
    speaker LowCardinality(String),
    word LowCardinality(String) COMMENT 'lexicon word; empty for the row that carries spoken words and talk time',
    count UInt32 COMMENT 'whole count of this user, day, session, speaker and word',
    spoken UInt32 COMMENT 'recognised words that day (rows with an empty word)',
    talk_ms UInt64,
    version UInt64 COMMENT 'credit version: claims, releases and re-counts are new versions'
) ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(day) ORDER BY (user_id, day, session_id, speaker, word);

CREATE TABLE IF NOT EXISTS speaker_totals (
    session_id String,
    speaker LowCardinality(String),
    word LowCardinality(String) COMMENT 'lexicon word; empty for the row that carries spoken words and talk time',
    count UInt32,
    spoken UInt32,
    talk_ms UInt64,
    turns UInt32,
    overlap_ms UInt64,
    generation UInt32
) ENGINE = ReplacingMergeTree(generation) ORDER BY (session_id, speaker, word);

CREATE TABLE IF NOT EXISTS session_totals (
    session_id String,
    generation UInt32 COMMENT 'last complete generation',
    lexicon LowCardinality(String),
    speakers Array(String),
    missing Array(Tuple(start_ms UInt64, end_ms UInt64)) COMMENT 'spans that no stage could hear',
    total_ms UInt64
) ENGINE = ReplacingMergeTree(generation) ORDER BY session_id;

CREATE TABLE IF NOT EXISTS claims (
    session_id String,
    speaker LowCardinality(String),
    kind LowCardinality(String) COMMENT 'self, user, guest; empty when released',
    user_id String,
    guest_name String,
    claimed_by String,
    claimed_at DateTime64(3, 'UTC'),
    version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY (session_id, speaker);

CREATE TABLE IF NOT EXISTS requests (
    request_id String,
    session_id String,
    requested_by String,
    outcome LowCardinality(String) COMMENT 'claimed, released, rejected',
    reason LowCardinality(String),
    decided_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(decided_at) ORDER BY request_id TTL toDateTime(decided_at) + INTERVAL 30 DAY;

CREATE TABLE IF NOT EXISTS session_objects (
    session_id String,
    kind LowCardinality(String) COMMENT 'words: attributed words of one window; turns: who spoke when',
    window UInt32,
    key String,
    sha256 String,
    size UInt64,
    generation UInt32
) ENGINE = ReplacingMergeTree(generation) ORDER BY (session_id, kind, window);

CREATE TABLE IF NOT EXISTS clips (
    session_id String,
    speaker LowCardinality(String),
    ordinal UInt8,
    start_ms UInt64,
    end_ms UInt64,
    generation UInt32
) ENGINE = ReplacingMergeTree(generation) ORDER BY (session_id, speaker, ordinal);

CREATE TABLE IF NOT EXISTS dead_letters (
    topic LowCardinality(String),
    partition UInt16,
    offset UInt64,
    reason LowCardinality(String),
    stage LowCardinality(String),
    seen_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(seen_at) ORDER BY (topic, partition, offset)
