"""All settings, read once by a `main.py`.

Environment variables are `LAHSTATS_…`. Secrets are files, one for each, and have no default.
"""

import socket
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters.http.clients import FrontDoors
from adapters.ports import HOST, MOST_PORT, PORT_BASE, PORTS, PORTS_OF_STACK
from adapters.wrong_setting import WrongSettingError
from schemas.audio import CUT_MS, DIARIZATION_CHUNK_MS, RECOGNISER_MS
from schemas.impossible import LEAST_WINDOW_MS

DATA_DIR = Path(".local/stack")
SECRETS = ("s3_secret_key", "clickhouse_password", "upload_secret", "session_secret")
FRONT = "127.0.0.2"
"""Source address of the local front door, so that nobody else on this machine is taken for it."""


class Settings(BaseSettings):
    """Raises WrongSettingError, which says what was found and what is allowed."""

    model_config = SettingsConfigDict(env_prefix="LAHSTATS_", extra="ignore", frozen=True)

    environment: Literal["development", "production"] = "development"
    data_dir: Path = DATA_DIR
    port_base: int = Field(PORT_BASE, ge=1, le=MOST_PORT - PORTS_OF_STACK)
    host: str = HOST

    kafka: str = ""
    s3_endpoint: str = ""
    s3_secure: bool = False
    s3_bucket: str = "lahstats"
    s3_access_key: str = "lahstats"
    clickhouse_url: str = ""
    clickhouse_user: str = "lahstats"
    token_keys: str = ""
    """A JWKS: a file, or a URL."""
    token_issuer: str = "lahstats"  # noqa: S105 - a name, not a secret
    token_audience: str = "lahstats"  # noqa: S105
    oidc_issuer: str = ""
    """The identity provider that people sign in at; its `/.well-known` document says the rest."""
    oidc_client_id: str = ""
    """How the provider knows us; `oidc_client_secret` too, when it asks for one."""
    front_doors: str = ""
    """Addresses and networks of the proxies before both sides, joined by commas.

    Their word about the address of a client is taken: limits go by it.
    """
    page_origin: str = ""
    """Where people find the pages, and through the same front door both sides."""
    phone_address: str = ""
    """Of this machine in the local network, where the local stack serves phones over TLS."""
    time_zone: str = "Asia/Singapore"
    """The time zone of the users: a period that ends today ends with their day.

    Words are dated by the zone of their own session.
    """
    erasures_dir: Path = Path()
    """The record of erasures, on another disk than the servers: restoring a backup needs it."""
    replication: int = Field(default=1, ge=1)
    """Copies of each topic: 3 on a cluster of brokers."""
    health_port: int = Field(default=0, ge=0, le=MOST_PORT)
    """0: no health port."""
    worker: int = Field(default=0, ge=0)
    """Number of this worker among those of its stage, from 0."""
    workers_dir: Path | None = None
    """Where the workers of one host find out their numbers, when nobody gives them out."""
    host_name: str = Field(default_factory=socket.gethostname, min_length=1)
    """A part of the name by which a worker is known to Kafka.

    It must be the same at each start: a worker ends what it left open under its name.
    """

    s3_secret_key: SecretStr = SecretStr("")
    clickhouse_password: SecretStr = SecretStr("")
    upload_secret: SecretStr = SecretStr("")
    session_secret: SecretStr = SecretStr("")
    """Signs the cookies that pages are signed in by; both sides have it."""
    oidc_client_secret: SecretStr = SecretStr("")

    transcribe_workers: int = Field(default=1, ge=0)
    diarize_workers: int = Field(default=1, ge=0)
    transcribe_batch: int = Field(default=0, ge=0, le=64)
    """Windows that share a pass of the model.

    0: 16 on a CUDA device, one on a processor, where more gain little (docs/performance.md).
    """
    transcribe_passes: int = Field(default=0, ge=0, le=64)
    """Passes of the model side by side in one worker, a thread each.

    0: one for each core, and not more than four; on a CUDA device four, whose work overlaps.
    """
    diarize_passes: int = Field(default=0, ge=0, le=64)
    """Windows that one worker diarizes side by side, a thread each.

    0: one for each core, and not more than four; on a CUDA device four.
    """

    window_ms: int = Field(default=20_000, ge=LEAST_WINDOW_MS)
    margin_before_ms: int = DIARIZATION_CHUNK_MS
    in_flight: int = Field(default=8, ge=1)
    """Windows of one session that are with the workers at a time."""
    grace_ms: int = Field(default=30_000, ge=0)
    """From the end of a session to its sealing, for chunks that are late."""
    gap_wait_ms: int = Field(default=60_000, ge=0)
    """Age of a gap after which its window is sent without it."""
    idle_ms: int = Field(default=600_000, ge=1)
    """Without a chunk for this long, a session is over."""
    patience_ms: int = Field(default=120_000, ge=1_000)
    """Time without progress after which what a session lacks is asked for again."""

    models_manifest: Path = Path("deploy/models.toml")
    models_dir: Path = Path(".local/models")
    models_profile: str = "offline"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    transcribe_compute_type: Literal[
        "auto", "int8", "int8_float16", "float16", "bfloat16", "float32"
    ] = "auto"
    """Type that transcription computes in, by CTranslate2's names.

    auto: int8 on a processor, float32 on a CUDA device.
    """
    diarization_step_s: float = Field(default=2.0, gt=0, allow_inf_nan=False)
    allow_downloads: bool = False

    def __init__(self, **values: Any) -> None:
        """Read the environment, and the secrets from `<data_dir>/secrets`, one file for each."""
        data_dir = values.get("data_dir") or _DataDir().data_dir
        secrets = Path(data_dir) / "secrets"
        try:
            super().__init__(_secrets_dir=secrets if secrets.is_dir() else None, **values)
        except OSError as error:
            raise WrongSettingError(
                f"LAHSTATS_DATA_DIR is {str(data_dir)!r}. It cannot be used: {error.strerror}"
            ) from None
        except ValidationError as error:
            raise WrongSettingError.of(error) from None

    @model_validator(mode="before")
    @classmethod
    def _derive(cls, values: dict[str, Any]) -> dict[str, Any]:
        """An address that is not given is that of the local stack."""
        given = {name: value for name, value in values.items() if value not in ("", None)}
        host = given.get("host", HOST)
        base = _number(given.get("port_base"), PORT_BASE)
        address = {name: f"{host}:{base + offset}" for name, offset in PORTS.items()}
        derived = {
            "kafka": address["kafka"],
            "s3_endpoint": address["s3"],
            "clickhouse_url": f"http://{address['clickhouse']}",
            "page_origin": f"http://{address['front']}",
            "front_doors": FRONT,
            "token_keys": str(Path(given.get("data_dir", DATA_DIR)) / "secrets" / "jwks.json"),
            "erasures_dir": Path(given.get("data_dir", DATA_DIR)) / "erasures",
        }
        return derived | given

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("Input should be an IANA time zone, like Asia/Singapore") from None

    @field_validator("front_doors")
    @classmethod
    def _are_networks(cls, names: str) -> str:
        try:
            FrontDoors(names)
        except ValueError:
            raise ValueError("Input should be addresses and networks, joined by commas") from None
        return names

    @model_validator(mode="after")
    def _has_secrets(self) -> Self:
        if self.environment != "production":
            return self
        absent = [name for name in SECRETS if not getattr(self, name).get_secret_value()]
        if absent:
            names = ", ".join(f"LAHSTATS_{name.upper()}" for name in absent)
            raise ValueError(f"production needs {names}")
        return self

    @model_validator(mode="after")
    def _fits_the_models(self) -> Self:
        longest_ms = RECOGNISER_MS - CUT_MS
        if self.window_ms > longest_ms:
            raise ValueError(
                f"LAHSTATS_WINDOW_MS is {self.window_ms}. It should be at most {longest_ms}: "
                "a window and what its cut may add fit Whisper's 30 s"
            )
        if self.margin_before_ms < DIARIZATION_CHUNK_MS:
            raise ValueError(
                f"LAHSTATS_MARGIN_BEFORE_MS is {self.margin_before_ms}. "
                f"It should be at least {DIARIZATION_CHUNK_MS}: "
                "a diarization chunk begins so long before it ends"
            )
        return self

    def port(self, name: str) -> int:
        """Port of one of the stack's servers."""
        return self.port_base + PORTS[name]

    @property
    def store_url(self) -> str:
        """Base URL of the object store, as browsers play clips from it."""
        scheme = "https" if self.s3_secure else "http"
        return f"{scheme}://{self.s3_endpoint}"

    @property
    def phone_url(self) -> str:
        """Where phones of the local network find the pages."""
        return f"https://{self.phone_address}:{self.port('phone')}"

    def url(self, name: str) -> str:
        """Base URL of `gateway`, `api` or the front door on this machine."""
        return f"http://{self.host}:{self.port(name)}"


class _DataDir(BaseSettings):
    """The folder of the secrets must be known before the secrets are read."""

    model_config = SettingsConfigDict(env_prefix="LAHSTATS_", extra="ignore", env_ignore_empty=True)
    data_dir: Path = DATA_DIR


def _number(text: object, otherwise: int) -> int:
    """The number that pydantic reads. The field's own check refuses a text that is none."""
    try:
        return TypeAdapter(int).validate_python(text)
    except ValidationError:
        return otherwise
