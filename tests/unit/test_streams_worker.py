"""The Faust worker can be made: its arguments are those that this version of Faust takes."""

from streams.main import build, worker_of


def test_a_worker_is_made_with_one_json_log() -> None:
    app = build()
    [handler] = app.conf.loghandlers
    assert worker_of(app).loghandlers == [handler]
