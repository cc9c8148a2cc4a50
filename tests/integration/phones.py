"""A phone that can be told to do everything wrong."""

import base64
import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import av
import httpx
import numpy as np
import soundfile as sf

from adapters.http.signing import sign_user
from adapters.settings import Settings
from deploy.uuid7 import new_session_id
from tests.integration.people import DAY_S, client

Packet: TypeAlias = "av.Packet[Any]"


class RawPhone:
    """One session of one user, over plain HTTP: every header can be wrong."""

    def __init__(self, settings: Settings, user: str = "ah-beng") -> None:
        self.settings = settings
        self.user = user
        self.session_id = new_session_id()
        self.http = client(settings, "gateway")
        self.user_headers = {"Authorization": f"Bearer {sign_user(settings, user, DAY_S)}"}
        self.upload_headers: dict[str, str] = {}

    def start(self, **changes: Any) -> httpx.Response:
        """PUT the session; remembers the upload token."""
        now = datetime.now(UTC)
        body = {
            "time_zone": "Asia/Singapore",
            "recorded_at": (now - timedelta(seconds=1)).isoformat(),
            "consent": {"text_version": "t", "agreed_at": now.isoformat()},
            **changes,
        }
        answer = self.http.put(
            f"/v1/sessions/{self.session_id}", json=body, headers=self.user_headers
        )
        if answer.is_success:
            self.upload_headers = {"Authorization": f"Bearer {answer.json()['upload_token']}"}
        return answer

    def chunk(self, seq: int, content: bytes, **headers: str) -> httpx.Response:
        """PUT a chunk of 30 s at 30 s times its number, unless `headers` say otherwise."""
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        sent = {
            **self.upload_headers,
            "Content-Digest": f"sha-256=:{digest}:",
            "Lah-Start-Ms": str(seq * 30_000),
            "Lah-Duration-Ms": "30000",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self.http.put(
            f"/v1/sessions/{self.session_id}/chunks/{seq}", content=content, headers=sent
        )

    def complete(self, chunks: int) -> httpx.Response:
        """POST the end."""
        return self.http.post(
            f"/v1/sessions/{self.session_id}/complete",
            json={"chunks": chunks},
            headers=self.upload_headers,
        )

    def has_arrived(self) -> bool:
        """Whether the log has a chunk. The gateway learns of a session a moment after its start."""
        answer = self.http.get(
            f"/v1/sessions/{self.session_id}/chunks", headers=self.upload_headers
        )
        return answer.status_code == 200 and bool(answer.json()["received"])

    def received(self) -> dict[str, Any]:
        """The chunks that the log has."""
        answer = self.http.get(
            f"/v1/sessions/{self.session_id}/chunks", headers=self.upload_headers
        )
        answer.raise_for_status()
        return dict(answer.json())


def flac(seconds: float, seed: int = 0, level: float = 0.0) -> bytes:
    """Silence, or noise, as a phone would send it."""
    samples = (
        np.random.default_rng(seed).normal(0, 1, int(seconds * 16_000)).astype(np.float32) * level
    )
    out = io.BytesIO()
    sf.write(out, samples, 16_000, format="FLAC")
    return out.getvalue()


def long_opus(hours: float) -> bytes:
    """A small Ogg that holds many hours of silence: one encoded minute, again and again."""
    out = io.BytesIO()
    with av.open(out, "w", format="ogg") as container:
        cheap = {"frame_duration": "60", "compression_level": "0"}
        stream = container.add_stream(
            "libopus", rate=48_000, layout="mono", bit_rate=6_000, options=cheap
        )
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 48_000 * 60), np.int16), layout="mono")
        silence.sample_rate = 48_000
        minute = list(stream.encode(silence))
        for n in range(int(hours * 60) * len(minute)):
            container.mux(_moved(minute[n % len(minute)], stream, n))
    return out.getvalue()


def _moved(packet: Packet, stream: av.AudioStream, number: int) -> Packet:
    moved: Packet = av.Packet(bytes(packet))
    moved.stream = stream
    moved.time_base = packet.time_base
    moved.duration = packet.duration
    moved.pts = moved.dts = number * (packet.duration or 0)
    return moved
