-- Sessions, and what became of them. Every row is set, never added to: a newer generation, revision
-- or version replaces the older one.

CREATE TABLE IF NOT EXISTS sessions (
    session_id String COMMENT 'UUIDv7 that the phone made',
    owner String COMMENT 'user whose phone recorded it',
    group_id String DEFAULT '' COMMENT 'group of the session, empty when none',
    state LowCardinality(String) COMMENT 'recording, processing, ready_for_claiming, completed, failed, erased',
    generation UInt32 COMMENT 'generation that this state belongs to',
    failure LowCardinality(String) DEFAULT '' COMMENT 'result that a failed session lacks, empty otherwise',
    recorded_at DateTime64(3, 'UTC') COMMENT 'start by the phone''s clock',
    clock_corrected Bool COMMENT 'recorded_at is the time of arrival: the phone''s clock was impossible',
    time_zone LowCardinality(String) COMMENT 'IANA zone of the session',
    audio_ms UInt64 COMMENT 'length of the session''s timeline, milliseconds',
    version UInt64 COMMENT 'generation, then the place of the listing in the log: the newest listing wins'
) ENGINE = ReplacingMergeTree(version) ORDER BY session_id
SETTINGS index_granularity = 256, min_age_to_force_merge_seconds = 86400;

CREATE TABLE IF NOT EXISTS progress (
    session_id String COMMENT 'the session',
    windows UInt32 COMMENT 'windows that were cut',
    transcribed UInt32 COMMENT 'of these: transcribed',
    voiced UInt32 COMMENT 'of these: diarized',
    counted UInt32 COMMENT 'of these: counted',
    audio_ms UInt64 COMMENT 'audio received, milliseconds',
    updated_at DateTime64(3, 'UTC') COMMENT 'when this was so',
    version UInt64 COMMENT 'place of the event in the log: the newest wins, whatever the clock says'
) ENGINE = ReplacingMergeTree(version) ORDER BY session_id
TTL toDateTime(updated_at) + INTERVAL 7 DAY;

CREATE TABLE IF NOT EXISTS session_totals (
    session_id String COMMENT 'the session',
    generation UInt32 COMMENT 'last complete generation',
    lexicon LowCardinality(String) COMMENT 'version of the lexicon that counted it',
    speakers Array(String) COMMENT 'labels of the speakers',
    missing Array(Tuple(start_ms UInt64, end_ms UInt64)) COMMENT 'missing audio: spans that nobody could count',
    total_ms UInt64 COMMENT 'length of the session, milliseconds',
    version UInt64 COMMENT 'of the totals: a verdict raises it within a generation'
) ENGINE = ReplacingMergeTree(version) ORDER BY session_id;

CREATE TABLE IF NOT EXISTS speaker_totals (
    session_id String COMMENT 'the session',
    speaker LowCardinality(String) COMMENT 'speaker label',
    word LowCardinality(String) COMMENT 'lexicon word; empty in the row that has recognised words and talk time',
    count UInt32 COMMENT 'how often the speaker said the word',
    spoken UInt32 COMMENT 'recognised words of the speaker',
    talk_ms UInt64 COMMENT 'talk time, milliseconds',
    turns UInt32 COMMENT 'turns of the speaker',
    overlap_ms UInt64 COMMENT 'talk time while others talked too, milliseconds',
    generation UInt32 COMMENT 'generation of these numbers',
    version UInt64 COMMENT 'of the totals: a verdict raises it within a generation'
) ENGINE = ReplacingMergeTree(version) ORDER BY (session_id, speaker, word);

CREATE TABLE IF NOT EXISTS session_objects (
    session_id String COMMENT 'the session',
    kind LowCardinality(String) COMMENT 'words: attributed words of one window; turns: who spoke when',
    window UInt32 COMMENT 'the window; 0 for turns',
    key String COMMENT 'key in the object store',
    sha256 String COMMENT 'digest of the object',
    size UInt64 COMMENT 'bytes',
    generation UInt32 COMMENT 'generation that wrote it'
) ENGINE = ReplacingMergeTree(generation) ORDER BY (session_id, kind, window);

CREATE TABLE IF NOT EXISTS clusterings (
    session_id String COMMENT 'the session',
    generation UInt32 COMMENT 'generation of the clustering',
    possible_hints Array(Tuple(speakers UInt8, probability Float32)) COMMENT 'how many people may have talked, the likeliest first; empty when it is clear',
    faint Array(String) COMMENT 'speaker labels so quiet that words of theirs may be missing'
) ENGINE = ReplacingMergeTree(generation) ORDER BY session_id;

CREATE TABLE IF NOT EXISTS clips (
    session_id String COMMENT 'the session',
    speaker LowCardinality(String) COMMENT 'speaker label',
    ordinal UInt8 COMMENT 'number of the clip, from 0',
    start_ms UInt64 COMMENT 'on the session''s timeline',
    end_ms UInt64 COMMENT 'on the session''s timeline',
    generation UInt32 COMMENT 'generation that chose it'
) ENGINE = ReplacingMergeTree(generation) ORDER BY (session_id, speaker, ordinal);

-- Which model worked on which window, and how long: what an hour of audio costs, and when a model
-- changed.
CREATE TABLE IF NOT EXISTS window_work (
    session_id String COMMENT 'the session',
    stage LowCardinality(String) COMMENT 'transcribe, diarize',
    window UInt32 COMMENT 'number of the window',
    revision UInt32 COMMENT 'revision of its audio',
    model LowCardinality(String) COMMENT 'as deploy/models.toml names it',
    work_ms UInt32 COMMENT 'milliseconds of one worker; the window''s share when several went together',
    failed LowCardinality(String) COMMENT 'reason why there is no result; empty when there is one',
    done_at DateTime64(3, 'UTC') COMMENT 'when the result was published'
) ENGINE = ReplacingMergeTree(revision) ORDER BY (session_id, stage, window);

-- The text was removed after the days that the owner chose. The counts stay, by the lexicon that
-- counted last.
CREATE TABLE IF NOT EXISTS expired_texts (
    session_id String COMMENT 'the session',
    expired_at DateTime64(3, 'UTC') COMMENT 'when the text was removed'
) ENGINE = ReplacingMergeTree(expired_at) ORDER BY session_id;

-- Erasure markers: the sink writes no rows of these sessions, whatever is replayed.
CREATE TABLE IF NOT EXISTS erased_sessions (
    session_id String COMMENT 'the session',
    first Date COMMENT 'first day on which it may have had rows',
    last Date COMMENT 'last such day',
    erased_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'when the marker was written'
) ENGINE = ReplacingMergeTree(erased_at) ORDER BY session_id;

-- Known while the phone records. The first generation replaces it. It is kept a week and is never
-- part of a total.

CREATE TABLE IF NOT EXISTS provisional_etas (
    session_id String COMMENT 'the session',
    eta_ms UInt64 COMMENT 'time that the windows still to do would take from updated_at on, milliseconds',
    updated_at DateTime64(3, 'UTC') COMMENT 'when this was so',
    version UInt64 COMMENT 'place of the event in the log: the newest wins, whatever the clock says'
) ENGINE = ReplacingMergeTree(version) ORDER BY session_id
TTL toDateTime(updated_at) + INTERVAL 7 DAY;

CREATE TABLE IF NOT EXISTS provisional_voices (
    session_id String COMMENT 'the session',
    through UInt32 COMMENT 'windows that were clustered',
    speakers Array(String) COMMENT 'speaker labels, stable from one answer to the next, not those of the final answer',
    talk_ms Array(UInt64) COMMENT 'talk time of each of them, milliseconds',
    updated_at DateTime64(3, 'UTC') COMMENT 'when this was so'
) ENGINE = ReplacingMergeTree(through) ORDER BY session_id
TTL toDateTime(updated_at) + INTERVAL 7 DAY;

CREATE TABLE IF NOT EXISTS provisional_words (
    session_id String COMMENT 'the session',
    window UInt32 COMMENT 'number of the window',
    speakers Array(String) COMMENT 'speaker labels',
    spoken Array(UInt32) COMMENT 'recognised words of each of them in the window',
    counts Array(Map(String, UInt32)) COMMENT 'counted words of each of them in the window',
    updated_at DateTime64(3, 'UTC') COMMENT 'when this was so',
    version UInt64 COMMENT 'place of the event in the log: the newest wins, whatever the clock says'
) ENGINE = ReplacingMergeTree(version) ORDER BY (session_id, window)
TTL toDateTime(updated_at) + INTERVAL 7 DAY;

-- A row for each stage that writes: readers tell an idle warehouse from one that is behind.
CREATE TABLE IF NOT EXISTS freshness (
    stage LowCardinality(String) COMMENT 'the stage that writes: sink',
    until DateTime64(3, 'UTC') COMMENT 'everything that was in the log at this moment is in the tables'
) ENGINE = ReplacingMergeTree(until) ORDER BY stage;
