"""Consumer group `sweep`: what was erased goes from every store."""
