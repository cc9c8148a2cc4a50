"""The parts of every process: logs, metrics, health, clock, retry and garbage collection."""
