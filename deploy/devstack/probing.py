"""Asking a process whether it can work, at the price of one small request."""

import http.client
from dataclasses import dataclass
from urllib.parse import urlsplit

from adapters.process import health
from adapters.settings import Settings
from deploy.devstack.processes import Process
from deploy.prepare.kafka_topics import broker_complaint

TIMEOUT_S = 1.0


@dataclass(frozen=True)
class ProbeAnswer:
    """Whether a process can work, and what it said: for people, one line."""

    ready: bool
    text: str

    @property
    def degraded(self) -> bool:
        """Whether a ready process works without a part of what it needs."""
        return self.text.startswith(health.DEGRADED)


def ask(settings: Settings, process: Process) -> ProbeAnswer:
    """Ask a process. Blocks for a second at most; never raises.

    A URL is asked through a bare connection: a client of its own for each question, with its
    certificates and its pool, cost more than what was asked.
    """
    return _asked_by_url(process.probe) if process.probe else _asked_by_client(settings)


def _asked_by_url(url: str) -> ProbeAnswer:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT_S)
    try:
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace").strip()
        return ProbeAnswer(answer.status == http.client.OK, text)
    except ConnectionRefusedError:
        return ProbeAnswer(False, f"nobody listens on {parts.netloc}")
    except (OSError, http.client.HTTPException) as error:
        return ProbeAnswer(False, f"{parts.netloc}: {type(error).__name__}")
    finally:
        connection.close()


def _asked_by_client(settings: Settings) -> ProbeAnswer:
    complaint = broker_complaint(settings, TIMEOUT_S)
    return ProbeAnswer(not complaint, complaint or "ready")
