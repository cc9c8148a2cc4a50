"""Contracts between stages: topics, events, objects and the lexicon. Nothing in it does I/O."""
