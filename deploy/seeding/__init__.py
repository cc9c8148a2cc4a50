"""A year of people who talk, made up from a seed, to look at pages, boards and dashboards."""
