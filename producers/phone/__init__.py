"""A real client of the gateway: a queue on disk, retries as the contract says, receipts before deletion."""
