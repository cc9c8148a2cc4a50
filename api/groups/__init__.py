"""A group as its members see it."""
