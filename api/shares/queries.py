"""SQL about share links. The server binds the parameters; nothing is formatted into a query."""

MY_SHARES = """
SELECT share, first, last, show_name, made_at
FROM shares FINAL
WHERE user_id = {user:String} AND NOT revoked
ORDER BY made_at DESC
"""

SHARE = """
SELECT user_id, first, last, show_name
FROM shares FINAL
WHERE share = {share:String} AND NOT revoked
"""
"""`share` is the digest of a link's secret."""
