"""Unit tests, and the laws on real recordings."""
