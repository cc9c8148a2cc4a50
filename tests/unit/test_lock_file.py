"""A lock file: one has it at a time, until they give it back or their process ends."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from adapters.process.lock_file import take

TAKES = """
import sys
from pathlib import Path
from adapters.process.lock_file import take
print(take(Path(sys.argv[1])) is not None, flush=True)
input()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lock"


def taken(file: Path) -> int:
    """The descriptor of a lock that nobody else has."""
    mine = take(file)
    assert mine is not None
    return mine


def test_one_has_it_at_a_time_until_it_is_closed(file: Path) -> None:
    mine = taken(file)
    assert take(file) is None
    os.close(mine)
    os.close(taken(file))


def test_a_try_in_vain_leaves_no_descriptor_open(file: Path) -> None:
    mine = taken(file)
    assert take(file) is None
    assert _descriptors_of(file) == [mine]
    os.close(mine)


def test_a_killed_process_gives_it_back(file: Path) -> None:
    command = [sys.executable, "-c", TAKES, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        assert one.stdout is not None
        assert one.stdout.readline() == "True\n"
        assert take(file) is None
        one.kill()
    os.close(taken(file))


def test_a_child_does_not_keep_it(file: Path) -> None:
    """The servers that `up` starts live on after it."""
    mine = taken(file)
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE):
        os.close(mine)
        os.close(taken(file))


def test_its_holder_alone_reads_the_file(file: Path) -> None:
    mine = taken(file)
    assert file.stat().st_mode & 0o777 == 0o600
    os.close(mine)


def test_a_file_that_cannot_be_used_is_an_error(file: Path) -> None:
    with pytest.raises(FileNotFoundError):
        take(file / "in it")


def _descriptors_of(file: Path) -> list[int]:
    """Those of this process. Files of earlier tests may be closed at any time."""
    found: list[int] = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            if descriptor.readlink() == file:
                found.append(int(descriptor.name))
    return found
