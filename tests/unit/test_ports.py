"""Stacks that start at the same time get ports of their own, whichever process they are in."""

import subprocess
import sys

from deploy.devstack.free_ports import BASES, free_port_base

ASK = """
from deploy.devstack.free_ports import free_port_base
print(free_port_base(), flush=True)
input()
"""


def test_a_base_is_given_once_in_a_process() -> None:
    bases = [free_port_base() for _ in range(3)]
    assert len(set(bases)) == 3
    assert set(bases) <= set(BASES)


def test_a_base_is_given_once_between_processes() -> None:
    ask = [sys.executable, "-c", ASK]
    with subprocess.Popen(ask, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        theirs = int(other.stdout.readline())
        assert theirs not in {free_port_base() for _ in range(3)}
        other.communicate("\n")
