"""The front door: nginx before both sides, so that pages, reads and writes are one origin."""
