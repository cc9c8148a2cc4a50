"""`lahstats audit`: whether what is stored equals what the log and the objects say."""
