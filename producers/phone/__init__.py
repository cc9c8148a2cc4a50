"""A phone: an outbox on disk, retries until a receipt is here, and only then deletion."""
