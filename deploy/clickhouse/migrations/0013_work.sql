-- Which model worked on which window, and how long: what a session was heard by, what an hour of audio costs, when a model changed.

CREATE TABLE IF NOT EXISTS window_work (
    session_id String,
    stage LowCardinality(String) COMMENT 'transcribe, diarize',
    window UInt32,
    revision UInt32,
    model LowCardinality(String) COMMENT 'as deploy/models.toml names it',
    work_ms UInt32 COMMENT 'what the window cost one worker; its share when windows went together',
    failed LowCardinality(String) COMMENT 'reason why there is no result; empty when there is one',
    done_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(revision) ORDER BY (session_id, stage, window);

CREATE TABLE IF NOT EXISTS lexicon_versions (
    version String,
    loaded_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) COMMENT 'when it was first loaded'
) ENGINE = AggregatingMergeTree ORDER BY version;

INSERT INTO lexicon_versions SELECT toString(version), min(loaded_at) FROM lexicon GROUP BY version;

CREATE OR REPLACE VIEW changes (
    time DateTime64(3, 'UTC') COMMENT 'when it was first used',
    what String COMMENT 'lexicon, transcribe, diarize',
    name String COMMENT 'version of the lexicon, or name of the model'
) AS
SELECT min(loaded_at) AS time, 'lexicon' AS what, version AS name FROM lexicon_versions GROUP BY version
UNION ALL
SELECT min(done_at) AS time, toString(stage) AS what, toString(model) AS name FROM window_work GROUP BY stage, model;

CREATE OR REPLACE VIEW stage_costs (
    month Date COMMENT 'first day of the month in which it was recorded',
    stage String COMMENT 'transcribe, diarize',
    model String COMMENT 'as deploy/models.toml names it',
    seconds_per_hour Float64 COMMENT 'seconds of one worker for an hour of audio; of months in which at least five people recorded'
) AS
SELECT month, toString(stage) AS stage, toString(model) AS model, round(3600 * sum(work) / sum(audio), 1) AS seconds_per_hour
FROM (
    SELECT toStartOfMonth(toDate(s.recorded_at)) AS month, w.stage AS stage, w.model AS model, s.owner AS owner, w.work AS work, s.audio_ms AS audio
    FROM (SELECT session_id, stage, argMax(model, window) AS model, sum(work_ms) AS work FROM window_work FINAL
          WHERE failed = '' GROUP BY session_id, stage) AS w
    INNER JOIN (SELECT session_id, owner, recorded_at, audio_ms FROM sessions FINAL WHERE audio_ms > 0) AS s ON s.session_id = w.session_id
) GROUP BY month, stage, model HAVING uniqExact(owner) >= 5
