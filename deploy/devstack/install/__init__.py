"""Fetches what the local stack needs, once, checked by digest, with progress shown."""
