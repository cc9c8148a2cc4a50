-- Nothing reads these any more since analysts are shown snapshots (0008): what is derived for nobody is not derived.

DROP TABLE IF EXISTS day_totals;

ALTER TABLE word_daily DROP COLUMN IF EXISTS people
