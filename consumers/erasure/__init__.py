"""Consumer group `erasure`: what was erased goes from every store."""
