"""uvicorn as our HTTP processes run it: loopback by setting, no access log, a bounded drain."""

import uvicorn
from fastapi import FastAPI

from adapters.process import gc_tuning


def run(app: FastAPI, host: str, port: int) -> None:
    """Blocks until SIGTERM or SIGINT, then lets requests finish for up to 25 s."""
    gc_tuning.freeze()
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=25,
        server_header=False,
    )
