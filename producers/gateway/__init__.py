"""HTTP in, objects and events out. The answer never waits for a model."""
