-- For analysts: stable views, a comment on every column, nothing about fewer than five people.

ALTER TABLE word_daily ADD COLUMN IF NOT EXISTS people UInt64 DEFAULT 0 COMMENT 'distinct people who said it: who claimed the voice, else who recorded';

CREATE TABLE IF NOT EXISTS spoken_windows (
    day Date COMMENT 'the session''s day on which the window starts',
    session_id String,
    window UInt32,
    generation UInt32,
    speakers Array(String),
    spoken Array(UInt32) COMMENT 'recognised words of each of them in the window'
) ENGINE = ReplacingMergeTree(generation) PARTITION BY toYYYYMM(day) ORDER BY (day, session_id, window);

CREATE TABLE IF NOT EXISTS day_totals (
    day Date,
    spoken UInt64 COMMENT 'recognised words of that day',
    sessions UInt64 COMMENT 'sessions in which somebody spoke',
    people UInt64 COMMENT 'distinct people: who claimed a voice, else who recorded',
    version UInt64 COMMENT 'Unix milliseconds of the recomputation'
) ENGINE = ReplacingMergeTree(version) PARTITION BY toYYYYMM(day) ORDER BY day;

CREATE OR REPLACE VIEW word_trends (
    day Date COMMENT 'the session''s day: its own time zone, cut at 04:00',
    word String COMMENT 'lexicon word',
    category String COMMENT 'of the lexicon',
    counts UInt64 COMMENT 'how often it was said in its Singlish sense',
    words_spoken UInt64 COMMENT 'recognised words of everybody that day',
    rate_per_1000 Float64 COMMENT 'counts per 1,000 recognised words'
) AS
SELECT w.day AS day, toString(w.word) AS word, toString(l.category) AS category, w.count AS counts, d.spoken AS words_spoken,
       if(d.spoken = 0, 0, round(1000 * w.count / d.spoken, 3)) AS rate_per_1000
FROM (SELECT * FROM word_daily FINAL) AS w
INNER JOIN (SELECT * FROM day_totals FINAL) AS d ON d.day = w.day
LEFT JOIN (SELECT * FROM lexicon FINAL) AS l ON l.word = w.word
WHERE w.people >= 5 AND w.count > 0;

CREATE OR REPLACE VIEW sessions_overview (
    day Date COMMENT 'the session''s day',
    sessions UInt64 COMMENT 'sessions in which somebody spoke',
    people UInt64 COMMENT 'distinct people: who claimed a voice, else who recorded; never under 5',
    words_spoken UInt64 COMMENT 'recognised words',
    counts UInt64 COMMENT 'counted words',
    rate_per_1000 Float64 COMMENT 'counts per 1,000 recognised words'
) AS
SELECT d.day AS day, d.sessions AS sessions, d.people AS people, d.spoken AS words_spoken, w.total AS counts,
       if(d.spoken = 0, 0, round(1000 * w.total / d.spoken, 3)) AS rate_per_1000
FROM (SELECT * FROM day_totals FINAL) AS d
LEFT JOIN (SELECT day, sum(count) AS total FROM word_daily FINAL GROUP BY day) AS w ON w.day = d.day
WHERE d.people >= 5;

CREATE OR REPLACE VIEW speaker_words (
    month Date COMMENT 'first day of the month',
    word String COMMENT 'lexicon word',
    people UInt64 COMMENT 'people who claimed a voice that said it; never under 5',
    counts UInt64 COMMENT 'of all of them',
    median_per_person Float64 COMMENT 'half of them said it at least so often',
    person_sessions UInt64 COMMENT 'how often one of them was in a session and said it there'
) AS
SELECT month, toString(word) AS word, count() AS people, sum(n) AS counts, median(n) AS median_per_person, sum(s) AS person_sessions
FROM (
    SELECT toStartOfMonth(day) AS month, word, user_id, sum(count) AS n, uniqExact(session_id) AS s
    FROM user_words FINAL WHERE word != '' AND count > 0 GROUP BY month, word, user_id
) GROUP BY month, word HAVING people >= 5;

CREATE OR REPLACE VIEW lexicon_current (
    word String COMMENT 'as it is counted',
    category String COMMENT 'exclamation, particle, …',
    emoji String COMMENT 'how it is shown',
    version String COMMENT 'of the lexicon'
) AS SELECT toString(word) AS word, toString(category) AS category, emoji, toString(version) AS version FROM lexicon FINAL;

CREATE OR REPLACE VIEW pipeline_health (
    what String COMMENT 'sessions, or dead letters',
    part String COMMENT 'state of the sessions, or stage that gave up',
    detail String COMMENT 'reason of the dead letters',
    value UInt64 COMMENT 'how many',
    latest DateTime64(3, 'UTC') COMMENT 'of the newest of them'
) AS
SELECT 'sessions' AS what, toString(state) AS part, '' AS detail, count() AS value, max(recorded_at) AS latest FROM sessions FINAL GROUP BY state
UNION ALL
SELECT 'dead letters' AS what, toString(stage) AS part, toString(reason) AS detail, count() AS value, max(seen_at) AS latest
FROM dead_letters FINAL GROUP BY stage, reason
