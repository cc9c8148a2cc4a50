"""`python -m deploy.devstack.chdb_server.main`: serve the stack's data directory until SIGTERM."""

import signal
import sys
import threading

from adapters.process import gc_tuning
from adapters.settings import Settings
from deploy.devstack.chdb_server.engine import CONFIG, Engine
from deploy.devstack.chdb_server.http_server import Server, User


def main() -> int:
    """Blocks until SIGTERM or SIGINT; 0 after a clean stop, 1 when the directory is in use."""
    settings = Settings()
    home = settings.data_dir.resolve() / "clickhouse"
    home.mkdir(parents=True, exist_ok=True)
    config = home / "config.xml"
    config.write_text(CONFIG)
    try:
        engine = Engine(str(home / "data"), str(config))
    except Exception as error:  # noqa: BLE001 - chDB has no class for it, and no message
        why = error or "another process uses it"
        sys.stderr.write(
            f"clickhouse: {home} cannot be opened ({why}): stop it, or set LAHSTATS_DATA_DIR\n"
        )
        return 1
    _serve(settings, engine)
    engine.close()
    return 0


def _serve(settings: Settings, engine: Engine) -> None:
    """Blocks until SIGTERM or SIGINT."""
    owner = User(settings.clickhouse_password.get_secret_value(), readonly=False)
    address = (settings.host, settings.port("clickhouse"))
    server = Server(address, engine, {settings.clickhouse_user: owner})

    def stop(*_: object) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    gc_tuning.freeze()
    server.serve_forever(poll_interval=0.5)
    server.server_close()


if __name__ == "__main__":
    sys.exit(main())
