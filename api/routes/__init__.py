"""The read side's routes, a file for each kind of thing."""
