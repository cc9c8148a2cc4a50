"""Share cards and share links."""
