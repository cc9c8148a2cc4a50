"""The cards of a Wrapped, a file for each.

A card is a function `shape` that returns its answer, and `HOW`, which tells people how it was
counted. `api.wrapped.story` lists them.
"""
