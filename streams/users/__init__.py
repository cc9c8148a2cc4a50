"""Fold `users`: how people are called and what they agreed to."""
