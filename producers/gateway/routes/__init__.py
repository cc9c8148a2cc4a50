"""The write side's routes, one module for each kind of thing."""
