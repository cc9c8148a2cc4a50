-- What Wrapped reads are a few thousand rows of one person, or a few sessions out of a year. A partition a year instead of
-- twelve, and marks close enough to find them: with the defaults most of what was read was somebody else's
-- (`lahstats benchmark warehouse`). Every table is made anew, filled, and put in the place of the former.

CREATE TABLE IF NOT EXISTS user_words_new AS user_words ENGINE = ReplacingMergeTree(version)
PARTITION BY toYear(day) ORDER BY (user_id, day, session_id, speaker, word) SETTINGS index_granularity = 1024;

INSERT INTO user_words_new SELECT * FROM user_words FINAL;

EXCHANGE TABLES user_words AND user_words_new;

DROP TABLE user_words_new;

CREATE TABLE IF NOT EXISTS word_events_new AS word_events ENGINE = ReplacingMergeTree(generation, deleted)
PARTITION BY toYYYYMM(window_day) ORDER BY (window_day, session_id, window, ordinal) SETTINGS index_granularity = 512;

INSERT INTO word_events_new SELECT * FROM word_events;

EXCHANGE TABLES word_events AND word_events_new;

DROP TABLE word_events_new;

CREATE TABLE IF NOT EXISTS claims_new AS claims ENGINE = ReplacingMergeTree(version) ORDER BY (session_id, speaker) SETTINGS index_granularity = 256;

INSERT INTO claims_new SELECT * FROM claims FINAL;

EXCHANGE TABLES claims AND claims_new;

DROP TABLE claims_new;

CREATE TABLE IF NOT EXISTS sessions_new AS sessions ENGINE = ReplacingMergeTree(version) ORDER BY session_id SETTINGS index_granularity = 256;

INSERT INTO sessions_new SELECT * FROM sessions FINAL;

EXCHANGE TABLES sessions AND sessions_new;

DROP TABLE sessions_new;

CREATE TABLE IF NOT EXISTS word_daily_new AS word_daily ENGINE = ReplacingMergeTree(version) ORDER BY (day, word);

INSERT INTO word_daily_new SELECT * FROM word_daily FINAL;

EXCHANGE TABLES word_daily AND word_daily_new;

DROP TABLE word_daily_new
