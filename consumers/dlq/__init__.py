"""Reading and replaying dead letters, for `lahstats dlq`. No process runs this."""
