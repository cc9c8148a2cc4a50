"""Long runs of what goes wrong: `make faults`. Nothing of it is in `make test`."""
