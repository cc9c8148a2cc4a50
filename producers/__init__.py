"""Where sessions come from: the gateway, and a phone that records for tests and demonstrations."""
