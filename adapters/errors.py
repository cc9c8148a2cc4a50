"""Errors that pass: transient ones are retried. Rejections are in `schemas.rejections`; anything else crashes."""


class TransientError(Exception):
    """The outside is not there just now: wait and try again, then crash. Names the part, never its contents."""
