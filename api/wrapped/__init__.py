"""A user's Wrapped: cards over a period."""
