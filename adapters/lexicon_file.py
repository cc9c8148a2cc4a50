"""The lexicon that this version ships with."""

from importlib.resources import files

from schemas.lexicon import Lexicon
from schemas.lexicon_checks import parse


def current() -> Lexicon:
    """Read and checked; call it in a `main`."""
    return parse(files("schemas").joinpath("lexicon.json").read_bytes())
