"""Fold `tally`: counts the words of each window."""
