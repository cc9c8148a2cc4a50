-- For a ClickHouse server only (the local engine has no users): the roles of analysts, and of operators and their Grafana.
-- They may read views, and what is behind them only through them; they may not write, and no query of them may keep the
-- server busy. `pipeline_health` tells of single sessions: operators alone may read it.
-- Run by an administrator after the migrations, and again after one that makes a view anew: it has no definer then. Then:
-- CREATE USER … IDENTIFIED … DEFAULT ROLE analyst, or operator.

CREATE ROLE IF NOT EXISTS analyst;

CREATE ROLE IF NOT EXISTS operator;

GRANT analyst TO operator;

ALTER TABLE word_trends MODIFY SQL SECURITY DEFINER DEFINER = CURRENT_USER;

ALTER TABLE sessions_overview MODIFY SQL SECURITY DEFINER DEFINER = CURRENT_USER;

ALTER TABLE speaker_words MODIFY SQL SECURITY DEFINER DEFINER = CURRENT_USER;

ALTER TABLE lexicon_current MODIFY SQL SECURITY DEFINER DEFINER = CURRENT_USER;

ALTER TABLE changes MODIFY SQL SECURITY DEFINER DEFINER = CURRENT_USER;

ALTER TABLE stage_costs MODIFY SQL SECURITY DEFINER DEFINER = CURRENT_USER;

ALTER TABLE pipeline_health MODIFY SQL SECURITY DEFINER DEFINER = CURRENT_USER;

GRANT SELECT ON word_trends TO analyst;

GRANT SELECT ON sessions_overview TO analyst;

GRANT SELECT ON speaker_words TO analyst;

GRANT SELECT ON lexicon_current TO analyst;

REVOKE SELECT ON pipeline_health FROM analyst;

GRANT SELECT ON pipeline_health TO operator;

GRANT SELECT ON changes TO analyst;

GRANT SELECT ON stage_costs TO analyst;

-- Grafana's client, and others in Go, set how long a question may take with each one: where nobody may, each is an error.
CREATE SETTINGS PROFILE OR REPLACE analyst SETTINGS
    readonly = 1, max_execution_time = 30 MAX 90 CHANGEABLE_IN_READONLY, max_memory_usage = 4000000000, max_result_rows = 100000, max_threads = 4 TO analyst;

-- Of each user: one that all share is used up by one of them, and Grafana shows operators nothing for an hour.
CREATE QUOTA OR REPLACE analyst KEYED BY user_name FOR INTERVAL 1 HOUR MAX queries = 3000, execution_time = 900 TO analyst;

CREATE ROW POLICY IF NOT EXISTS five_people_words ON published_words USING length(users) >= 5 TO analyst;

CREATE ROW POLICY IF NOT EXISTS five_people_days ON published_days USING length(users) >= 5 TO analyst;

CREATE ROW POLICY IF NOT EXISTS five_people_months ON published_months USING length(users) >= 5 TO analyst
