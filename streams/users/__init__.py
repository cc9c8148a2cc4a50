"""Fold `users`: names of users, their consents, and their share links."""
