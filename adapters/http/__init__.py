"""HTTP processes: problems (RFC 9457), tokens, and the server."""
