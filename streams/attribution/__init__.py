"""Fold `attribution`: joins words and voices of a generation; every word gets its speaker."""
