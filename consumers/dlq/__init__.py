"""Dead letters: looked at, replayed, dropped. A person runs it, through `lahstats dlq`."""
