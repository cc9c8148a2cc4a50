"""Everything that is held about the caller, as one file."""
