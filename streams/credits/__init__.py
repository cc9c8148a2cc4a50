"""Fold `credits`: counts and claims of a session joined by one writer; publishes whole truths, set and never added."""
