"""Erased sessions: their markers, how their objects and rows go, and the guard that keeps them gone."""
