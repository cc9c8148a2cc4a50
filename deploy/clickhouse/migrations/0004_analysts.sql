-- Published figures: for analysts, whose views have nothing about fewer than five people, and for the
-- words of everybody that a Wrapped compares with (`people` and `said` are for it: arrays of a year
-- are long).
-- A cell is a snapshot that is renewed when the numbers of at least five people in it changed. Two
-- looks at live sums would tell what one person said who joined or left between them (ADR 0012).
-- `users` never leaves the published tables.

CREATE TABLE IF NOT EXISTS published_words (
    day Date COMMENT 'the session''s day',
    word LowCardinality(String) COMMENT 'lexicon word',
    users Array(String) COMMENT 'who said it that day; the owner stands for speakers that nobody claimed',
    counts Array(UInt64) COMMENT 'how often each of them did',
    people UInt64 MATERIALIZED length(users) COMMENT 'how many they are',
    said UInt64 MATERIALIZED arraySum(counts) COMMENT 'how often all of them did',
    version UInt64 COMMENT 'Unix milliseconds of the renewal, and above the version that it replaces'
) ENGINE = ReplacingMergeTree(version) ORDER BY (day, word);

CREATE TABLE IF NOT EXISTS published_days (
    day Date COMMENT 'the session''s day',
    users Array(String) COMMENT 'who spoke that day; the owner stands for speakers that nobody claimed',
    spoken Array(UInt64) COMMENT 'recognised words of each of them',
    sessions UInt64 COMMENT 'sessions in which somebody spoke',
    version UInt64 COMMENT 'Unix milliseconds of the renewal, and above the version that it replaces'
) ENGINE = ReplacingMergeTree(version) ORDER BY day;

CREATE TABLE IF NOT EXISTS published_months (
    month Date COMMENT 'first day of the month',
    word LowCardinality(String) COMMENT 'lexicon word',
    users Array(String) COMMENT 'who claimed a speaker that said it',
    counts Array(UInt64) COMMENT 'how often each of them did',
    sessions Array(UInt64) COMMENT 'in how many sessions each of them said it',
    version UInt64 COMMENT 'Unix milliseconds of the renewal, and above the version that it replaces'
) ENGINE = ReplacingMergeTree(version) ORDER BY (month, word);

-- What could not be handled, and whose it is. No word, no name, no audio is in it.
CREATE TABLE IF NOT EXISTS dead_letters (
    session_id String COMMENT 'session that the message is about; empty when none',
    stage LowCardinality(String) COMMENT 'stage or fold that rejected it',
    topic LowCardinality(String) COMMENT 'topic of the message',
    partition UInt16 COMMENT 'its partition',
    offset UInt64 COMMENT 'its offset',
    reason LowCardinality(String) COMMENT 'why it was rejected',
    detail String COMMENT 'what an operator needs to know besides; no content of the message',
    replayed UInt8 COMMENT '1: somebody sent the message back to its topic',
    seen_at DateTime64(3, 'UTC') COMMENT 'when it was rejected, or sent back',
    version UInt64 COMMENT 'place of the event in the log: the newest wins'
) ENGINE = ReplacingMergeTree(version) ORDER BY (session_id, stage, topic, partition, offset);

-- For operators, who see single counts: those that the totals of the pages have.
CREATE OR REPLACE VIEW counted_words (
    window_day Date COMMENT 'day on which the window starts; leads the key',
    session_id String COMMENT 'the session',
    speaker LowCardinality(String) COMMENT 'speaker label',
    word LowCardinality(String) COMMENT 'lexicon word',
    said_at DateTime64(3, 'UTC') COMMENT 'when it was said, never when it was counted',
    day Date COMMENT 'the session''s day, cut at 04:00 in its time zone',
    user_id String COMMENT 'user whose voice it is; empty without one, and while a tag waits',
    lexicon LowCardinality(String) COMMENT 'version of the lexicon that counted it'
) AS
SELECT e.window_day AS window_day, e.session_id AS session_id, e.speaker AS speaker,
    e.word AS word, e.said_at AS said_at, e.day AS day, c.user_id AS user_id, e.lexicon AS lexicon
FROM (
    SELECT * FROM word_events FINAL
    WHERE NOT maybe AND (session_id, speaker, word, said_at) NOT IN (
            SELECT session_id, speaker, word, said_at FROM verdicts FINAL WHERE verdict = 'struck')
        OR maybe AND (session_id, speaker, word, said_at) IN (
            SELECT session_id, speaker, word, said_at FROM verdicts FINAL WHERE verdict = 'said')
) AS e
LEFT JOIN (
    SELECT session_id, speaker, user_id FROM claims FINAL WHERE kind IN ('self', 'user')
) AS c ON c.session_id = e.session_id AND c.speaker = e.speaker;

CREATE OR REPLACE VIEW word_trends (
    day Date COMMENT 'the session''s day: its own time zone, cut at 04:00',
    word String COMMENT 'lexicon word',
    category String COMMENT 'of the lexicon',
    counts UInt64 COMMENT 'how often it was said in its Singlish sense',
    words_spoken UInt64 COMMENT 'recognised words of everybody that day',
    rate_per_1000 Float64 COMMENT 'counts per 1,000 recognised words'
) AS
SELECT w.day AS day, toString(w.word) AS word, toString(l.category) AS category,
    arraySum(w.counts) AS counts, arraySum(d.spoken) AS words_spoken,
    if(words_spoken = 0, 0, round(1000 * counts / words_spoken, 3)) AS rate_per_1000
FROM (SELECT * FROM published_words FINAL) AS w
INNER JOIN (SELECT * FROM published_days FINAL) AS d ON d.day = w.day
LEFT JOIN (SELECT * FROM lexicon FINAL) AS l ON l.word = w.word
WHERE length(w.users) >= 5 AND length(d.users) >= 5;

CREATE OR REPLACE VIEW sessions_overview (
    day Date COMMENT 'the session''s day',
    sessions UInt64 COMMENT 'sessions in which somebody spoke',
    people UInt64 COMMENT 'distinct people: who claimed a speaker, else who recorded; never under 5',
    words_spoken UInt64 COMMENT 'recognised words',
    counts UInt64 COMMENT 'counted words, of those that five people said',
    rate_per_1000 Float64 COMMENT 'counts per 1,000 recognised words'
) AS
SELECT d.day AS day, d.sessions AS sessions, length(d.users) AS people,
    arraySum(d.spoken) AS words_spoken, w.total AS counts,
    if(words_spoken = 0, 0, round(1000 * w.total / words_spoken, 3)) AS rate_per_1000
FROM (SELECT * FROM published_days FINAL) AS d
LEFT JOIN (
    SELECT day, sum(arraySum(counts)) AS total FROM published_words FINAL
    WHERE length(users) >= 5 GROUP BY day
) AS w ON w.day = d.day
WHERE length(d.users) >= 5;

CREATE OR REPLACE VIEW speaker_words (
    month Date COMMENT 'first day of the month',
    word String COMMENT 'lexicon word',
    people UInt64 COMMENT 'people who claimed a speaker that said it; never under 5',
    counts UInt64 COMMENT 'of all of them',
    median_per_person Float64 COMMENT 'half of them said it at least so often',
    person_sessions UInt64 COMMENT 'how often one of them was in a session and said it there'
) AS
SELECT m.month AS month, toString(m.word) AS word, length(m.users) AS people,
    arraySum(m.counts) AS counts, arrayReduce('median', m.counts) AS median_per_person,
    arraySum(m.sessions) AS person_sessions
FROM (SELECT * FROM published_months FINAL) AS m WHERE length(m.users) >= 5;

CREATE OR REPLACE VIEW lexicon_current (
    word String COMMENT 'as it is counted',
    category String COMMENT 'exclamation, particle, …',
    emoji String COMMENT 'how it is shown',
    version String COMMENT 'of the lexicon'
) AS
SELECT toString(word) AS word, toString(category) AS category, emoji, toString(version) AS version
FROM lexicon FINAL WHERE version = (SELECT argMax(version, loaded_at) FROM lexicon);

CREATE OR REPLACE VIEW pipeline_health (
    what String COMMENT 'sessions, or dead letters',
    part String COMMENT 'state of the sessions, or stage that gave up',
    detail String COMMENT 'reason of the dead letters, or the result that failed sessions lack',
    value UInt64 COMMENT 'how many',
    latest DateTime64(3, 'UTC') COMMENT 'of the newest of them'
) AS
SELECT 'sessions' AS what, toString(state) AS part, toString(failure) AS detail, count() AS value,
    max(recorded_at) AS latest
FROM sessions FINAL GROUP BY state, failure
UNION ALL
SELECT 'dead letters' AS what, toString(stage) AS part, toString(reason) AS detail,
    count() AS value, max(seen_at) AS latest
FROM dead_letters FINAL WHERE replayed = 0 GROUP BY stage, reason;

CREATE OR REPLACE VIEW changes (
    time DateTime64(3, 'UTC') COMMENT 'when it was first used',
    what String COMMENT 'lexicon, transcribe, diarize',
    name String COMMENT 'version of the lexicon, or name of the model'
) AS
SELECT min(loaded_at) AS time, 'lexicon' AS what, version AS name
FROM lexicon_versions GROUP BY version
UNION ALL
SELECT min(done_at) AS time, toString(stage) AS what, toString(model) AS name
FROM window_work GROUP BY stage, model;

CREATE OR REPLACE VIEW stage_costs (
    month Date COMMENT 'first day of the month in which it was recorded',
    stage String COMMENT 'transcribe, diarize',
    model String COMMENT 'as deploy/models.toml names it',
    seconds_per_hour Float64
        COMMENT 'seconds of one worker for an hour of audio, without what is missing; of months in which at least five people recorded'
) AS
SELECT month, toString(stage) AS stage, toString(model) AS model,
    round(3600 * sum(work) / sum(audio), 1) AS seconds_per_hour
FROM (
    SELECT toStartOfMonth(toDate(s.recorded_at)) AS month, w.stage AS stage, w.model AS model,
        s.owner AS owner, w.work AS work, s.audio_ms - least(t.missing_ms, s.audio_ms) AS audio
    FROM (
        SELECT session_id, stage, argMax(model, window) AS model, sum(work_ms) AS work
        FROM window_work FINAL WHERE failed = '' GROUP BY session_id, stage
    ) AS w
    INNER JOIN (
        SELECT session_id, owner, recorded_at, audio_ms FROM sessions FINAL
    ) AS s ON s.session_id = w.session_id
    LEFT JOIN (
        SELECT session_id, arraySum(span -> span.end_ms - span.start_ms, missing) AS missing_ms
        FROM session_totals FINAL
    ) AS t ON t.session_id = w.session_id
)
WHERE audio > 0
GROUP BY month, stage, model HAVING uniqExact(owner) >= 5
