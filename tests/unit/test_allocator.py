"""A process that runs models keeps the memory that it freed."""

import subprocess
import sys

FAULTS = """
import resource
import numpy
from adapters.process.allocator import keep_freed_memory
{before}
faults = []
for _ in range(3):
    first = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    block = numpy.ones(16_000_000, numpy.float32)
    del block
    faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - first)
print(faults[-1])
"""


def faults(before: str) -> int:
    """Return the page faults of taking 64 MB for the third time."""
    code = FAULTS.format(before=before)
    return int(subprocess.check_output([sys.executable, "-c", code], text=True))


def test_a_block_that_was_freed_is_taken_again_without_the_kernel() -> None:
    assert faults("keep_freed_memory()") < 20
    assert faults("") > 20


KEPT = """
import numpy
from adapters.process.allocator import keep_freed_memory, kept_bytes
keep_freed_memory()
block = numpy.ones(16_000_000, numpy.float32)
held = kept_bytes()
del block
print(kept_bytes() - held)
"""


def test_a_process_tells_how_much_it_keeps() -> None:
    kept = int(subprocess.check_output([sys.executable, "-c", KEPT], text=True))
    assert abs(kept - 64_000_000) < 1_000_000
