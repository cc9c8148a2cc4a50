-- What Wrapped reads is one person's year: a partition a year is read in a quarter of the time of twelve a year
-- (`lahstats benchmark warehouse`), and every part that is opened costs as much as the rows in it.

CREATE TABLE IF NOT EXISTS user_words_by_year AS user_words ENGINE = ReplacingMergeTree(version)
PARTITION BY toYear(day) ORDER BY (user_id, day, session_id, speaker, word);

INSERT INTO user_words_by_year SELECT * FROM user_words FINAL;

EXCHANGE TABLES user_words AND user_words_by_year;

DROP TABLE user_words_by_year
