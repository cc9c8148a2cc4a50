"""The Faust worker can be made: its arguments are those that this version of Faust takes."""

from pathlib import Path

from adapters.settings import Settings
from streams.main import build, worker_of


def test_a_worker_is_made_with_one_json_log(tmp_path: Path) -> None:
    app = build(Settings(data_dir=tmp_path))
    [handler] = app.conf.loghandlers
    assert worker_of(app).loghandlers == [handler]
