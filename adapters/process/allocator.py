"""The C allocator of a process that runs models."""

import ctypes

from adapters.process import metrics

TRIM_THRESHOLD = -1
MMAP_THRESHOLD = -3
ARENA_MAX = -8
"""Names of mallopt(3) in glibc."""
KEPT_BYTES = 1 << 30
MALLINFO2 = (
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost",
)
"""The fields of mallinfo2(3), in glibc since 2.33."""


class _Mallinfo(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_size_t) for name in MALLINFO2)


def keep_freed_memory() -> None:
    """Let freed memory stay with the process, up to a gigabyte. Repeatable; never blocks.

    A model takes and frees blocks of tens of megabytes for each pass. By default the kernel gets
    them back, and clears them again for the next pass. Other libraries of C than glibc are left
    as they are.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    mallopt(ARENA_MAX, 1)  # the heap of another arena is too small for such blocks
    mallopt(MMAP_THRESHOLD, KEPT_BYTES)
    mallopt(TRIM_THRESHOLD, KEPT_BYTES)
    metrics.MEMORY_KEPT.set_function(kept_bytes)


def kept_bytes() -> int:
    """Bytes that were freed and stay with the process. 0 where the C library does not tell."""
    mallinfo2 = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if mallinfo2 is None:
        return 0
    mallinfo2.restype = _Mallinfo
    return int(mallinfo2().fordblks)
