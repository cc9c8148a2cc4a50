"""Kafka: publishing, consuming with manual commits, offsets of a group, dead letters."""
