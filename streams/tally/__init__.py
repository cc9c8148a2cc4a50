"""Fold `tally`: a window's words -> its counted words; pure, versioned by the lexicon."""
