"""Fold `credits`: joins counts and claims of a session; publishes whole values."""
