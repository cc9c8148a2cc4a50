"""Consumer group `clips`: short clips of each speaker, cut so that nobody gets a link to more than that voice."""
