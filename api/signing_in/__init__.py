"""Signing in and out: the only place that sets cookies."""
