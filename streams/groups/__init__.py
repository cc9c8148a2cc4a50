"""Fold `groups`: who is in a group, decided by the one writer that owns it."""
