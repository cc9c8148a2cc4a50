-- One person's tags, talks and links are some rows among those of everybody, which lie in order of
-- sessions and of links. An index says for each block whose rows it has: one block in a thousand is
-- read in vain.
ALTER TABLE claims ADD INDEX IF NOT EXISTS of_user user_id TYPE bloom_filter(0.001) GRANULARITY 1;

ALTER TABLE claims MATERIALIZE INDEX of_user;

ALTER TABLE sessions ADD INDEX IF NOT EXISTS of_owner owner TYPE bloom_filter(0.001) GRANULARITY 1;

ALTER TABLE sessions MATERIALIZE INDEX of_owner;

ALTER TABLE shares ADD INDEX IF NOT EXISTS of_user user_id TYPE bloom_filter(0.001) GRANULARITY 1;

ALTER TABLE shares MATERIALIZE INDEX of_user
