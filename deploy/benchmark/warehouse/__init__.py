"""`lahstats benchmark warehouse`: a year of many people, in our tables and in one naive table."""
