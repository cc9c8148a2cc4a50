"""The lexicon that this version ships with."""

from importlib.resources import files

from schemas.lexicon import Lexicon
from schemas.lexicon_checks import parse


def body() -> bytes:
    """As it lies in the package."""
    return files("schemas").joinpath("lexicon.json").read_bytes()


def current() -> Lexicon:
    """Read and checked; call it in a `main`."""
    return parse(body())
