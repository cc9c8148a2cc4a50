"""`lahstats benchmark warehouse`: a year of twenty thousand people in the product's tables, and beside it in one naive table."""
