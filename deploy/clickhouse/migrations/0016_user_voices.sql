-- Everything that a Wrapped knows of a person, in one row a voice: what was said when, how much they talked, with whom, how long it was and by which
-- clock. Looked up by the ids of sessions, which lie scattered over a year, the last three were half of what the engine did for one
-- (`lahstats benchmark warehouse`). To be run when the sink has written all that was credited: `user_moments` is moved here, and goes.

CREATE TABLE IF NOT EXISTS user_voices (
    user_id String,
    session_id String,
    speaker LowCardinality(String),
    words Array(LowCardinality(String)) COMMENT 'counted words of this user with this voice, in order of time',
    said_ms Array(Int64) COMMENT 'when each was said, Unix milliseconds',
    said_days Array(Date) COMMENT 'the session''s day of each',
    days Array(Date) COMMENT 'the session''s days on which something was ever credited, in order',
    spoken Array(UInt32) COMMENT 'recognised words on each of these days',
    talk_ms UInt64 COMMENT 'talk of the session, counted for the first of its days',
    company Array(String) COMMENT 'others who have a voice in the session; never guests',
    time_zone LowCardinality(String) COMMENT 'IANA zone of the session; empty when the voice is not this user''s any more',
    audio_ms UInt64 COMMENT 'length of the session''s timeline, milliseconds',
    version UInt64 COMMENT 'credit version, as in user_words'
) ENGINE = ReplacingMergeTree(version)
ORDER BY (user_id, session_id, speaker) SETTINGS index_granularity = 64, min_age_to_force_merge_seconds = 86400;

INSERT INTO user_voices
SELECT d.user_id, d.session_id, d.speaker, m.words, m.said_ms, m.said_days, d.days, d.spoken, d.talk_ms,
       if(c.speaker = '', [], arrayFilter(other -> other != d.user_id, t.people)), if(c.speaker = '', '', s.time_zone),
       if(c.speaker = '', 0, s.audio_ms), d.version
FROM (
    SELECT user_id, session_id, speaker, groupArray(day) AS days, groupArray(spoken) AS spoken, sum(talk_ms) AS talk_ms, max(version) AS version
    FROM (SELECT user_id, session_id, speaker, day, spoken, talk_ms, version FROM user_days FINAL ORDER BY day) GROUP BY user_id, session_id, speaker
) AS d
LEFT JOIN (
    SELECT user_id, session_id, speaker, words, said_ms, days AS said_days FROM user_moments FINAL
) AS m ON m.user_id = d.user_id AND m.session_id = d.session_id AND m.speaker = d.speaker
INNER JOIN (SELECT session_id, time_zone, audio_ms FROM sessions FINAL WHERE state != 'erased') AS s ON s.session_id = d.session_id
LEFT JOIN (
    SELECT user_id, session_id, speaker FROM claims FINAL WHERE kind IN ('self', 'user')
) AS c ON c.user_id = d.user_id AND c.session_id = d.session_id AND c.speaker = d.speaker
LEFT JOIN (
    SELECT session_id, arraySort(groupUniqArray(user_id)) AS people FROM claims FINAL WHERE kind IN ('self', 'user') AND user_id != '' GROUP BY session_id
) AS t ON t.session_id = d.session_id;

DROP TABLE user_moments
