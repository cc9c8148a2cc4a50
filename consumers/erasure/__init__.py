"""Consumer group `erasure`: removes what was erased from every store."""
