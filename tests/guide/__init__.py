"""The guide: how Lahstats works, told by tests.

Read the chapters in order; each runs on pure parts and memory fakes.
"""
