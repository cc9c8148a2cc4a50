"""uvicorn for our HTTP processes: no access log, no Server header, a bounded drain."""

import signal

import uvicorn
from fastapi import FastAPI

from adapters.process import gc_tuning

DRAIN_S = 25
"""For requests that run at SIGTERM; less than the 30 s after which Kubernetes kills."""


def run(app: FastAPI, host: str, port: int) -> None:
    """Blocks until SIGTERM or SIGINT, then until the requests are done, for DRAIN_S at most."""
    gc_tuning.freeze()
    # uvicorn drains at SIGTERM and sends it once more to whoever handled it before: nobody does,
    # so that this call returns and what the caller opened is closed.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    uvicorn.run(
        app,
        host=host,
        port=port,
        http="httptools",  # in C: a chunk is 0.8 MB, and Python copies each piece of it
        loop="uvloop",
        log_config=None,  # uvicorn's loggers write through ours (adapters.process.logs)
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=DRAIN_S,
        server_header=False,
    )
