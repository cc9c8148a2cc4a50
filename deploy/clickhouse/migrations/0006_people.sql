-- Groups and people, as their folds decided. A higher revision replaces a lower.

CREATE TABLE IF NOT EXISTS groups (
    group_id String,
    name String,
    owner String,
    members Array(String) COMMENT 'now, in order of joining, the owner among them',
    revision UInt64
) ENGINE = ReplacingMergeTree(revision) ORDER BY group_id;

CREATE TABLE IF NOT EXISTS group_members (
    user_id String,
    group_id String,
    role LowCardinality(String) COMMENT 'owner, member; empty: was a member once',
    joined_at DateTime64(3, 'UTC'),
    revision UInt64
) ENGINE = ReplacingMergeTree(revision) ORDER BY (user_id, group_id);

CREATE TABLE IF NOT EXISTS group_sessions (
    group_id String,
    session_id String,
    recorded_at DateTime64(3, 'UTC'),
    gone UInt8 COMMENT '1: erased',
    version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY (group_id, session_id);

CREATE TABLE IF NOT EXISTS users (
    user_id String,
    display_name String COMMENT 'how they want to be called; empty when they never said',
    findable Bool COMMENT 'agreed to be found by people who share no group',
    on_board Bool COMMENT 'agreed to stand on the board that everyone sees',
    tags_at_once Bool COMMENT 'agreed that tags by people of their groups take effect at once',
    revision UInt64
) ENGINE = ReplacingMergeTree(revision) ORDER BY user_id;

CREATE TABLE IF NOT EXISTS shares (
    share String COMMENT 'sha256 of the link''s secret',
    user_id String,
    first Date,
    last Date,
    show_name Bool,
    revoked Bool,
    made_at DateTime64(3, 'UTC'),
    revision UInt64
) ENGINE = ReplacingMergeTree(revision) ORDER BY share;

ALTER TABLE requests MODIFY COLUMN outcome LowCardinality(String) COMMENT 'claimed, released, asked, accepted, rejected';
ALTER TABLE claims MODIFY COLUMN kind LowCardinality(String) COMMENT 'self, user, guest; tag: waits for that person; empty when released'
