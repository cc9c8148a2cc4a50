"""Fold `attribution`: joins words and voices of a generation, and gives every word its speaker."""
