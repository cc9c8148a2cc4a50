"""HTTP processes: problems (RFC 9457), tokens, ids in paths, and the server."""
