"""Fold `groups`: decides who is in a group."""
