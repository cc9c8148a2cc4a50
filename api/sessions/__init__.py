"""Sessions, their speakers, counts and words."""
