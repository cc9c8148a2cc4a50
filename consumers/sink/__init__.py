"""Consumer group `sink`: events -> rows of the warehouse."""
