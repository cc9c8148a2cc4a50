-- Who was active in a period and how many counts each had, as a snapshot: a percentile that moved with every claim would
-- tell what one person said. Renewed at most daily, and only when five or more people joined or left.

CREATE TABLE IF NOT EXISTS cohorts (
    first Date COMMENT 'first day of the period',
    last Date COMMENT 'last day of the period',
    taken_at DateTime64(3, 'UTC'),
    users Array(String) COMMENT 'people with a count in the period',
    totals Array(UInt64) COMMENT 'counts of each of them'
) ENGINE = ReplacingMergeTree(taken_at) ORDER BY (first, last)
