-- Below 500 words a single word moves a rate by two per 1,000: there is none then, as on the pages.

CREATE OR REPLACE VIEW word_trends (
    day Date COMMENT 'the session''s day: its own time zone, cut at 04:00',
    word String COMMENT 'lexicon word',
    category String COMMENT 'of the lexicon',
    counts UInt64 COMMENT 'how often it was said in its Singlish sense',
    words_spoken UInt64 COMMENT 'recognised words of everybody that day',
    rate_per_1000 Nullable(Float64)
        COMMENT 'counts per 1,000 recognised words; NULL on a day of fewer than 500 words'
) AS
SELECT w.day AS day, toString(w.word) AS word, toString(l.category) AS category,
    arraySum(w.counts) AS counts, arraySum(d.spoken) AS words_spoken,
    if(words_spoken < 500, NULL, round(1000 * counts / words_spoken, 3)) AS rate_per_1000
FROM (SELECT * FROM published_words FINAL) AS w
INNER JOIN (SELECT * FROM published_days FINAL) AS d ON d.day = w.day
LEFT JOIN (SELECT * FROM lexicon FINAL) AS l ON l.word = w.word
WHERE length(w.users) >= 5 AND length(d.users) >= 5;

CREATE OR REPLACE VIEW sessions_overview (
    day Date COMMENT 'the session''s day',
    sessions UInt64 COMMENT 'sessions in which somebody spoke',
    people UInt64
        COMMENT 'distinct people: who claimed a speaker, else who recorded; never under 5',
    words_spoken UInt64 COMMENT 'recognised words',
    counts UInt64 COMMENT 'counted words, of those that five people said',
    rate_per_1000 Nullable(Float64)
        COMMENT 'counts per 1,000 recognised words; NULL on a day of fewer than 500 words'
) AS
SELECT d.day AS day, d.sessions AS sessions, length(d.users) AS people,
    arraySum(d.spoken) AS words_spoken, w.total AS counts,
    if(words_spoken < 500, NULL, round(1000 * w.total / words_spoken, 3)) AS rate_per_1000
FROM (SELECT * FROM published_days FINAL) AS d
LEFT JOIN (
    SELECT day, sum(arraySum(counts)) AS total FROM published_words FINAL
    WHERE length(users) >= 5 GROUP BY day
) AS w ON w.day = d.day
WHERE length(d.users) >= 5
