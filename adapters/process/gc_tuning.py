"""Garbage collection of a process that loads much at its start.

A full collection walks every object that is alive. Over loaded modules and models it takes long
enough to pause every request, and it frees nothing of them.
"""

import gc


def freeze() -> None:
    """Take all objects that exist now out of every later collection.

    Call it once, when everything is loaded. Blocking: it collects first.
    """
    gc.collect()
    gc.freeze()
