-- A table keeps its last hundred mutations on disk, with their values: ids of people whose rows they
-- removed. These tables keep one, and the stage `erasure` ends with one that names nobody.
ALTER TABLE claim_changes MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE claims MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE cohort_people MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE corrections MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE group_members MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE groups MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE published_days MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE published_months MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE published_words MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE requests MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE shares MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE user_days MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE user_voices MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE users MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE verdicts MODIFY SETTING finished_mutations_to_keep = 1
