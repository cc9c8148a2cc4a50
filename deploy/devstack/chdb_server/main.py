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
    users = {
        settings.clickhouse_user: User(
            settings.clickhouse_password.get_secret_value(), readonly=False
        )
    }
    server = Server((settings.host, settings.port("clickhouse")), engine, users)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(
            name, lambda *_: threading.Thread(target=server.shutdown, daemon=True).start()
        )
    gc_tuning.freeze()
    server.serve_forever(poll_interval=0.5)
    server.server_close()
    engine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
