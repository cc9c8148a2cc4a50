"""A year of people who talk, made up from a seed: what the page, the boards, the cookbook and the dashboards can be looked at with."""
