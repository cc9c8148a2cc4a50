"""The `lahstats` command."""
