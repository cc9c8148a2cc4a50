"""Erased sessions: their markers, the removal of their objects and rows, and the guard."""
