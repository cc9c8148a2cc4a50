"""Fold `sessions`: chunks become windows, windows become a sealed session, counted windows make it ready."""
