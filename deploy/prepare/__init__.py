"""Run once before the stages: topics, bucket, tables, and the secrets of an installation."""
