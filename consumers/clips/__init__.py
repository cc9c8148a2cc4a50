"""Consumer group `clips`: short clips of each speaker, so that no link leads to more audio."""
