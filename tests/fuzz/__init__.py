"""Mutated input, thousands of it: `make fuzz`. A finding becomes a test of the unit suite."""
