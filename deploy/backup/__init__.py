"""`lahstats backup` and `lahstats restore`: everything that must be kept, as one folder."""
