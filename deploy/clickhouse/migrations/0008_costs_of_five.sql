-- The engine moves the condition of a question on a month, a stage or a model in front of the view's
-- own, which is about groups. A condition that raises an error told of months in which one person
-- recorded: `WHERE throwIf(month = '2026-11-01')`. None passes a LIMIT, which is above all rows.

CREATE OR REPLACE VIEW stage_costs (
    month Date COMMENT 'first day of the month in which it was recorded',
    stage String COMMENT 'transcribe, diarize',
    model String COMMENT 'as deploy/models.toml names it',
    seconds_per_hour Float64
        COMMENT 'seconds of one worker for an hour of audio, without what is missing; of months in which at least five people recorded'
) AS
SELECT month, toString(stage) AS stage, toString(model) AS model,
    round(3600 * sum(work) / sum(audio), 1) AS seconds_per_hour
FROM (
    SELECT toStartOfMonth(toDate(s.recorded_at)) AS month, w.stage AS stage, w.model AS model,
        s.owner AS owner, w.work AS work, s.audio_ms - least(t.missing_ms, s.audio_ms) AS audio
    FROM (
        SELECT session_id, stage, argMax(model, window) AS model, sum(work_ms) AS work
        FROM window_work FINAL WHERE failed = '' GROUP BY session_id, stage
    ) AS w
    INNER JOIN (
        SELECT session_id, owner, recorded_at, audio_ms FROM sessions FINAL
    ) AS s ON s.session_id = w.session_id
    LEFT JOIN (
        SELECT session_id, arraySum(span -> span.end_ms - span.start_ms, missing) AS missing_ms
        FROM session_totals FINAL
    ) AS t ON t.session_id = w.session_id
)
WHERE audio > 0
GROUP BY month, stage, model HAVING uniqExact(owner) >= 5 LIMIT 1000000000000
