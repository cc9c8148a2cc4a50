"""All settings, read once by a `main.py`. Environment variables are `LAHSTATS_…`; secrets are files, never defaults."""

from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.audio import CUT_MS, DIARIZATION_CHUNK_MS, RECOGNISER_MS

PORTS = {"kafka": 0, "kafka_controller": 1, "s3": 2, "clickhouse": 3, "gateway": 4, "api": 5}
"""Offsets from `port_base`. Health ports of the stages: `schemas.stages`."""


class Settings(BaseSettings):
    """Refuses to start on a value that makes no sense, naming the variable."""

    model_config = SettingsConfigDict(env_prefix="LAHSTATS_", extra="ignore", frozen=True)

    environment: Literal["development", "production"] = "development"
    data_dir: Path = Path(".local/stack")
    port_base: int = 18400
    host: str = "127.0.0.1"

    kafka: str = ""
    s3_endpoint: str = ""
    s3_secure: bool = False
    s3_bucket: str = "lahstats"
    s3_access_key: str = "lahstats"
    clickhouse_url: str = ""
    clickhouse_user: str = "lahstats"
    token_keys: str = ""
    token_issuer: str = "lahstats"  # noqa: S105 - a name, not a secret
    token_audience: str = "lahstats"  # noqa: S105
    gateway_url: str = ""
    """As browsers reach the write side; the page makes links there."""
    page_origin: str = ""
    """Where the page is: the write side answers scripts of this origin alone."""
    time_zone: str = "Asia/Singapore"
    """Where its people live: a period that ends today ends with their day. Words are dated by the zone of their own session."""
    replication: int = Field(default=1, ge=1)
    """Copies of each topic: 3 on a cluster of brokers."""
    health_port: int = 0
    worker: int = 0

    s3_secret_key: SecretStr = SecretStr("")
    clickhouse_password: SecretStr = SecretStr("")
    upload_secret: SecretStr = SecretStr("")

    transcribe_workers: int = 1
    diarize_workers: int = 1
    transcribe_batch: int = Field(default=1, ge=1, le=64)
    """Windows that share a pass of the model: for accelerators; on one CPU thread it gains little (docs/performance.md)."""

    window_ms: int = 20_000
    margin_before_ms: int = 10_000
    in_flight: int = 8
    grace_ms: int = 30_000
    hole_ms: int = 60_000
    idle_ms: int = 600_000

    models_manifest: Path = Path("deploy/models.toml")
    models_dir: Path = Path(".local/models")
    models_profile: str = "offline"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    transcribe_compute_type: Literal[
        "auto", "int8", "int8_float16", "float16", "bfloat16", "float32"
    ] = "auto"
    """What transcription computes in (CTranslate2's names); auto: int8 on a processor, float32 on a CUDA device."""
    diarization_step_s: float = 2.0
    allow_downloads: bool = False

    def __init__(self, **values: Any) -> None:
        """Read the environment, and secrets from `<data_dir>/secrets` (one file a setting, as mounted secrets are)."""
        data_dir = values.get("data_dir") or _Place().data_dir
        secrets = Path(data_dir) / "secrets"
        super().__init__(_secrets_dir=secrets if secrets.is_dir() else None, **values)

    @model_validator(mode="before")
    @classmethod
    def _derive(cls, values: dict[str, Any]) -> dict[str, Any]:
        base, host = int(values.get("port_base", 18400)), values.get("host", "127.0.0.1")
        derived = {
            "kafka": f"{host}:{base + PORTS['kafka']}",
            "s3_endpoint": f"{host}:{base + PORTS['s3']}",
            "clickhouse_url": f"http://{host}:{base + PORTS['clickhouse']}",
            "gateway_url": f"http://{host}:{base + PORTS['gateway']}",
            "page_origin": f"http://{host}:{base + PORTS['api']}",
            "token_keys": str(
                Path(values.get("data_dir", ".local/stack")) / "secrets" / "jwks.json"
            ),
        }
        return {
            **derived,
            **{name: value for name, value in values.items() if value not in ("", None)},
        }

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(
                f"LAHSTATS_TIME_ZONE: {name!r} is no IANA time zone, like Asia/Singapore"
            ) from None

    @model_validator(mode="after")
    def _refuse(self) -> "Settings":
        if self.environment == "production":
            absent = [
                n
                for n in ("s3_secret_key", "clickhouse_password", "upload_secret")
                if not getattr(self, n).get_secret_value()
            ]
            if absent:
                raise ValueError(
                    f"production needs {', '.join('LAHSTATS_' + n.upper() for n in absent)}"
                )
        if self.window_ms + CUT_MS > RECOGNISER_MS:
            raise ValueError(
                f"LAHSTATS_WINDOW_MS must be at most {RECOGNISER_MS - CUT_MS}: a window and what its cut may add fit Whisper's 30 s"
            )
        if self.margin_before_ms < DIARIZATION_CHUNK_MS:
            raise ValueError(
                f"LAHSTATS_MARGIN_BEFORE_MS must be at least {DIARIZATION_CHUNK_MS}: a diarization chunk begins so long before it ends"
            )
        return self

    def port(self, name: str) -> int:
        """Port of one of the stack's servers."""
        return self.port_base + PORTS[name]

    @property
    def store_url(self) -> str:
        """Base URL of the object store, as browsers play clips from it."""
        return f"{'https' if self.s3_secure else 'http'}://{self.s3_endpoint}"

    def url(self, name: str) -> str:
        """Base URL of `gateway` or `api` on this machine."""
        return f"http://{self.host}:{self.port(name)}"


class _Place(BaseSettings):
    """Where the secrets lie must be known before the secrets are read."""

    model_config = SettingsConfigDict(env_prefix="LAHSTATS_", extra="ignore")
    data_dir: Path = Path(".local/stack")
