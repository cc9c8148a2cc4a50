-- Users, groups, claims and credits, as their folds decided. A higher revision or version replaces
-- a lower one.

-- A name is looked up for the few people of an answer: small blocks.
CREATE TABLE IF NOT EXISTS users (
    user_id String COMMENT 'the user',
    display_name String COMMENT 'how they want to be called; empty when they never said',
    findable Bool COMMENT 'agreed to be found by people who share no group with them',
    on_board Bool COMMENT 'agreed to be on the board that everyone sees',
    tags_at_once Bool COMMENT 'agreed that tags by people of their groups take effect at once',
    time_zone LowCardinality(String) COMMENT 'IANA zone of sessions that they record; empty when they never chose',
    keep_transcript_days UInt16 DEFAULT 30 COMMENT 'days that words of sessions are kept which they record from now on',
    signed_out_at DateTime64(3, 'UTC') COMMENT 'sessions of browsers that began before this are over',
    changed_at DateTime64(3, 'UTC') COMMENT 'when this profile was decided',
    revision UInt64 COMMENT 'of the profile'
) ENGINE = ReplacingMergeTree(revision) ORDER BY user_id SETTINGS index_granularity = 256;

CREATE TABLE IF NOT EXISTS shares (
    share String COMMENT 'sha256 of the link''s secret',
    user_id String COMMENT 'whose Wrapped it shows',
    first Date COMMENT 'first day of the period',
    last Date COMMENT 'last day of the period',
    show_name Bool COMMENT 'whether the name is shown',
    revoked Bool COMMENT 'whether the link was revoked',
    made_at DateTime64(3, 'UTC') COMMENT 'when this was decided',
    revision UInt64 COMMENT 'of the link'
) ENGINE = ReplacingMergeTree(revision) ORDER BY share;

CREATE TABLE IF NOT EXISTS groups (
    group_id String COMMENT 'the group',
    name String COMMENT 'as its members call it',
    owner String COMMENT 'user who owns it',
    members Array(String) COMMENT 'users who are in it now, in order of joining, the owner among them',
    revision UInt64 COMMENT 'of the group'
) ENGINE = ReplacingMergeTree(revision) ORDER BY group_id;

CREATE TABLE IF NOT EXISTS group_members (
    user_id String COMMENT 'the member',
    group_id String COMMENT 'the group',
    role LowCardinality(String) COMMENT 'owner, member; empty: was a member once',
    joined_at DateTime64(3, 'UTC') COMMENT 'when they joined',
    revision UInt64 COMMENT 'of the group'
) ENGINE = ReplacingMergeTree(revision) ORDER BY (user_id, group_id);

CREATE TABLE IF NOT EXISTS group_sessions (
    group_id String COMMENT 'the group',
    session_id String COMMENT 'a session recorded for it',
    recorded_at DateTime64(3, 'UTC') COMMENT 'start by the phone''s clock',
    gone UInt8 COMMENT '1: erased',
    version UInt64 COMMENT 'as in sessions'
) ENGINE = ReplacingMergeTree(version) ORDER BY (group_id, session_id);

-- Company is some dozens of places in a table of everybody. Small blocks, because a whole one is
-- unpacked for each place.
CREATE TABLE IF NOT EXISTS claims (
    session_id String COMMENT 'the session',
    speaker LowCardinality(String) COMMENT 'speaker label',
    kind LowCardinality(String) COMMENT 'self, user, guest; tag: waits for that person; empty when released',
    user_id String COMMENT 'user that the speaker is',
    guest_name String COMMENT 'guest that the speaker is',
    claimed_by String COMMENT 'user who said so',
    claimed_at DateTime64(3, 'UTC') COMMENT 'when it was decided',
    version UInt64 COMMENT 'of the claim'
) ENGINE = ReplacingMergeTree(version) ORDER BY (session_id, speaker)
SETTINGS index_granularity = 64, min_compress_block_size = 4096, max_compress_block_size = 8192,
    min_age_to_force_merge_seconds = 86400;

-- Every change of a claim or a tag, so that those whom it concerns can see and undo it.
CREATE TABLE IF NOT EXISTS claim_changes (
    session_id String COMMENT 'the session',
    speaker LowCardinality(String) COMMENT 'speaker label',
    change UInt64 COMMENT 'number of the change: the version of the claim',
    kind LowCardinality(String) COMMENT 'as in claims, after the change',
    user_id String COMMENT 'user that the speaker is, after the change',
    guest_name String COMMENT 'guest that the speaker is, after the change',
    changed_by String COMMENT 'user who changed it; empty when a new generation lost the speaker',
    changed_at DateTime64(3, 'UTC') COMMENT 'when it was decided'
) ENGINE = ReplacingMergeTree(changed_at) ORDER BY (session_id, speaker, change)
TTL toDateTime(changed_at) + INTERVAL 180 DAY;

-- Hints, merges and splits of the voices: a row for each, and one more where it was taken back.
CREATE TABLE IF NOT EXISTS corrections (
    session_id String COMMENT 'the session',
    correction UInt32 COMMENT 'number of the correction, by which it is undone',
    undone Bool COMMENT 'whether this row says that it was taken back',
    kind LowCardinality(String) COMMENT 'hint, merge, split',
    speaker LowCardinality(String) COMMENT 'speaker that stays of a merge, or that was split; empty of a hint',
    other LowCardinality(String) COMMENT 'speaker that is the same person, of a merge',
    speakers UInt16 COMMENT 'how many people talked, of a hint',
    changed_by String COMMENT 'user who said it, or took it back',
    changed_at DateTime64(3, 'UTC') COMMENT 'when it was decided'
) ENGINE = ReplacingMergeTree(changed_at) ORDER BY (session_id, correction, undone);

-- What the owners of voices said of single counts. `word_events` stays as it was counted.
CREATE TABLE IF NOT EXISTS verdicts (
    session_id String COMMENT 'the session',
    speaker LowCardinality(String) COMMENT 'speaker label',
    word LowCardinality(String) COMMENT 'lexicon word',
    said_at DateTime64(3, 'UTC') COMMENT 'when it was said: the place of the count',
    day Date COMMENT 'the session''s day of the count',
    verdict LowCardinality(String) COMMENT 'said: it counts; struck: it does not; empty: the evidence decides',
    judged_by String COMMENT 'user who said so; empty when a new generation moved the count',
    judged_at DateTime64(3, 'UTC') COMMENT 'when it was decided',
    version UInt64 COMMENT 'of the claims of the session'
) ENGINE = ReplacingMergeTree(version) ORDER BY (session_id, speaker, word, said_at)
SETTINGS index_granularity = 256;

CREATE TABLE IF NOT EXISTS requests (
    request_id String COMMENT 'identity of the request',
    session_id String COMMENT 'session that it is about; empty for requests about groups and users',
    requested_by String COMMENT 'user who asked; empty for requests about sessions',
    outcome LowCardinality(String) COMMENT 'claimed, released, asked, judged, accepted, rejected',
    reason LowCardinality(String) COMMENT 'why it was rejected',
    decided_at DateTime64(3, 'UTC') COMMENT 'when it was decided'
) ENGINE = ReplacingMergeTree(decided_at) ORDER BY request_id
TTL toDateTime(decided_at) + INTERVAL 30 DAY;

-- Read by boards and Wrappeds: a row for each day and speaker of a user. A user's rows are in every
-- part of a table, so parts older than a day are merged whatever their size
-- (`lahstats benchmark warehouse`).
CREATE TABLE IF NOT EXISTS user_days (
    user_id String COMMENT 'user who is credited',
    day Date COMMENT 'the session''s day',
    session_id String COMMENT 'the session',
    speaker LowCardinality(String) COMMENT 'speaker label',
    words Array(LowCardinality(String)) COMMENT 'lexicon words that were said that day; empty after a release',
    counts Array(UInt32) COMMENT 'how often each of them',
    count UInt32 COMMENT 'all of them together',
    spoken UInt32 COMMENT 'recognised words that day',
    talk_ms UInt64 COMMENT 'talk time of the session, on the first of its days with a word, milliseconds',
    version UInt64 COMMENT 'of the credit: claims, releases and recounts raise it'
) ENGINE = ReplacingMergeTree(version)
PARTITION BY toYear(day) ORDER BY (user_id, day, session_id, speaker)
SETTINGS index_granularity = 256, min_age_to_force_merge_seconds = 86400;

-- Everything that a Wrapped knows of a user, a row for each speaker: words with their times, talk
-- time, company, clock.
CREATE TABLE IF NOT EXISTS user_voices (
    user_id String COMMENT 'user who is credited',
    session_id String COMMENT 'the session',
    speaker LowCardinality(String) COMMENT 'speaker label',
    words Array(LowCardinality(String)) COMMENT 'counted words, in order of time',
    said_ms Array(Int64) COMMENT 'when each was said, Unix milliseconds',
    said_days Array(Date) COMMENT 'the session''s day of each',
    days Array(Date) COMMENT 'the session''s days on which the voice has a word, in order; its first day when it has none',
    spoken Array(UInt32) COMMENT 'recognised words on each of these days',
    talk_ms UInt64 COMMENT 'talk time of the session, which counts for the first of its days, milliseconds',
    company Array(String) COMMENT 'other users who are credited in the session; never guests',
    time_zone LowCardinality(String) COMMENT 'IANA zone of the session; empty when the speaker is not this user any more',
    audio_ms UInt64 COMMENT 'length of the session''s timeline, milliseconds',
    version UInt64 COMMENT 'of the credit, as in user_days'
) ENGINE = ReplacingMergeTree(version) ORDER BY (user_id, session_id, speaker)
SETTINGS index_granularity = 64, min_age_to_force_merge_seconds = 86400;

CREATE OR REPLACE VIEW user_words (
    user_id String COMMENT 'user who is credited',
    day Date COMMENT 'the session''s day',
    session_id String COMMENT 'the session',
    speaker LowCardinality(String) COMMENT 'speaker label',
    word LowCardinality(String) COMMENT 'lexicon word; empty in the row that has recognised words and talk time',
    count UInt32 COMMENT 'how often it was said',
    spoken UInt32 COMMENT 'recognised words that day, in the row with an empty word',
    talk_ms UInt64 COMMENT 'talk time, in the row with an empty word, milliseconds',
    version UInt64 COMMENT 'of the credit, as in user_days'
) AS
SELECT user_id, day, session_id, speaker, word, count, spoken, talk_ms, version
FROM (
    SELECT user_id, day, session_id, speaker, version,
        arrayConcat([''], words) AS every_word, arrayConcat([0], counts) AS every_count,
        arrayResize([spoken], length(words) + 1) AS every_spoken,
        arrayResize([talk_ms], length(words) + 1) AS every_talk_ms
    FROM user_days FINAL)
ARRAY JOIN every_word AS word, every_count AS count, every_spoken AS spoken, every_talk_ms AS talk_ms;

-- People who left. A replay, or a writer that was late, may bring rows of theirs back: the stage
-- `erasure` looks for them each day, as long as a message can come back.
CREATE TABLE IF NOT EXISTS erased_users (
    user_id String COMMENT 'user who left',
    until DateTime64(3, 'UTC') COMMENT 'when they asked for it; what is theirs since then stays',
    erased_at DateTime64(3, 'UTC') COMMENT 'when their rows were removed'
) ENGINE = ReplacingMergeTree(until) ORDER BY user_id;

-- Snapshots of who was active in a period, which percentiles are read from. A percentile that moved
-- with every claim would tell what one person said. Renewed at most daily, and only when five or
-- more people joined or left. The row of `cohorts` is written last: it makes a snapshot the current
-- one, of everybody at once. It names nobody.
CREATE TABLE IF NOT EXISTS cohorts (
    first Date COMMENT 'first day of the period',
    last Date COMMENT 'last day of the period',
    snapshot UInt64 COMMENT '1, 2, … in the order in which snapshots of the period were taken',
    taken_at DateTime64(3, 'UTC') COMMENT 'when it was taken',
    totals Array(UInt64) COMMENT 'counts that somebody has in the period, ascending',
    people Array(UInt64) COMMENT 'how many people have each of them'
) ENGINE = ReplacingMergeTree(snapshot) ORDER BY (first, last);

-- A row for each person of a period, written when the person's counts changed. A question is about
-- one period, so each period is a partition. A percentile reads one block of one person.
CREATE TABLE IF NOT EXISTS cohort_people (
    first Date COMMENT 'first day of the period',
    last Date COMMENT 'last day of the period',
    user_id String COMMENT 'user with a count in the period',
    snapshot UInt64 COMMENT 'snapshot from which on `total` is shown',
    total UInt64 COMMENT 'counts from that snapshot on; 0 when the user is not in it',
    former UInt64 COMMENT 'counts before that snapshot, shown until it is the current one'
) ENGINE = ReplacingMergeTree(snapshot) PARTITION BY (first, last) ORDER BY (user_id, first, last)
SETTINGS index_granularity = 256
