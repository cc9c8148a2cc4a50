-- A person's rows lie in every part of a table: with seven parts their moments took three times as long to read as with one
-- (`lahstats benchmark warehouse`). What is older than a day is merged whatever its size, so that a table is one part and what the
-- day brought. The price is that a table (a year of it) is written once more each day.
ALTER TABLE user_days MODIFY SETTING min_age_to_force_merge_seconds = 86400;

ALTER TABLE user_moments MODIFY SETTING min_age_to_force_merge_seconds = 86400;

ALTER TABLE sessions MODIFY SETTING min_age_to_force_merge_seconds = 86400;

-- Who was in a person's sessions: some dozens of places in a table of everybody. Small blocks, because a whole one is unpacked for each.
CREATE TABLE IF NOT EXISTS claims_new AS claims ENGINE = ReplacingMergeTree(version) ORDER BY (session_id, speaker)
SETTINGS index_granularity = 64, min_compress_block_size = 4096, max_compress_block_size = 8192, min_age_to_force_merge_seconds = 86400;

INSERT INTO claims_new SELECT * FROM claims FINAL;

EXCHANGE TABLES claims AND claims_new;

DROP TABLE claims_new;

-- A name is looked up for the few people of an answer.
CREATE TABLE IF NOT EXISTS users_new AS users ENGINE = ReplacingMergeTree(revision) ORDER BY user_id SETTINGS index_granularity = 256;

INSERT INTO users_new SELECT * FROM users FINAL;

EXCHANGE TABLES users AND users_new;

DROP TABLE users_new
