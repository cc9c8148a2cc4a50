-- What analysts are shown is a snapshot of every cell, renewed only when at least five people's own numbers in it changed:
-- between two looks at live sums, one person who joins or leaves would tell what that person said. `users` never leaves these tables.

CREATE TABLE IF NOT EXISTS shown_words (
    day Date,
    word LowCardinality(String),
    users Array(String) COMMENT 'who said it that day; whoever recorded stands for voices that nobody claimed',
    counts Array(UInt64) COMMENT 'how often each of them did',
    version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY (day, word);

CREATE TABLE IF NOT EXISTS shown_days (
    day Date,
    users Array(String),
    spoken Array(UInt64) COMMENT 'recognised words of each of them',
    sessions UInt64,
    version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY day;

CREATE TABLE IF NOT EXISTS shown_months (
    month Date,
    word LowCardinality(String),
    users Array(String) COMMENT 'who claimed a voice that said it',
    counts Array(UInt64),
    sessions Array(UInt64) COMMENT 'in how many sessions each of them said it',
    version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY (month, word);

CREATE OR REPLACE VIEW word_trends (
    day Date COMMENT 'the session''s day: its own time zone, cut at 04:00',
    word String COMMENT 'lexicon word',
    category String COMMENT 'of the lexicon',
    counts UInt64 COMMENT 'how often it was said in its Singlish sense',
    words_spoken UInt64 COMMENT 'recognised words of everybody that day',
    rate_per_1000 Float64 COMMENT 'counts per 1,000 recognised words'
) AS
SELECT w.day AS day, toString(w.word) AS word, toString(l.category) AS category, arraySum(w.counts) AS counts, arraySum(d.spoken) AS words_spoken,
       if(words_spoken = 0, 0, round(1000 * counts / words_spoken, 3)) AS rate_per_1000
FROM (SELECT * FROM shown_words FINAL) AS w
INNER JOIN (SELECT * FROM shown_days FINAL) AS d ON d.day = w.day
LEFT JOIN (SELECT * FROM lexicon FINAL) AS l ON l.word = w.word
WHERE length(w.users) >= 5;

CREATE OR REPLACE VIEW sessions_overview (
    day Date COMMENT 'the session''s day',
    sessions UInt64 COMMENT 'sessions in which somebody spoke',
    people UInt64 COMMENT 'distinct people: who claimed a voice, else who recorded; never under 5',
    words_spoken UInt64 COMMENT 'recognised words',
    counts UInt64 COMMENT 'counted words, of those that five people said',
    rate_per_1000 Float64 COMMENT 'counts per 1,000 recognised words'
) AS
SELECT d.day AS day, d.sessions AS sessions, length(d.users) AS people, arraySum(d.spoken) AS words_spoken, w.total AS counts,
       if(words_spoken = 0, 0, round(1000 * w.total / words_spoken, 3)) AS rate_per_1000
FROM (SELECT * FROM shown_days FINAL) AS d
LEFT JOIN (SELECT day, sum(arraySum(counts)) AS total FROM shown_words FINAL WHERE length(users) >= 5 GROUP BY day) AS w ON w.day = d.day
WHERE length(d.users) >= 5;

CREATE OR REPLACE VIEW speaker_words (
    month Date COMMENT 'first day of the month',
    word String COMMENT 'lexicon word',
    people UInt64 COMMENT 'people who claimed a voice that said it; never under 5',
    counts UInt64 COMMENT 'of all of them',
    median_per_person Float64 COMMENT 'half of them said it at least so often',
    person_sessions UInt64 COMMENT 'how often one of them was in a session and said it there'
) AS
SELECT m.month AS month, toString(m.word) AS word, length(m.users) AS people, arraySum(m.counts) AS counts,
       arrayReduce('median', m.counts) AS median_per_person, arraySum(m.sessions) AS person_sessions
FROM (SELECT * FROM shown_months FINAL) AS m WHERE length(m.users) >= 5
