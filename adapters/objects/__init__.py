"""The object store: its port, the S3 adapter, and the lexicons in it."""
