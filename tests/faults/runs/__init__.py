"""The faults, a module for each part that is disturbed."""
