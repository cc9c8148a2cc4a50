"""The loop of all consumers: effects of a step, a confirmed publish, then the commit."""
