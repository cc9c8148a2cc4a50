"""Fold `sessions`: cuts chunks into windows, seals the session, and says when it is ready."""
