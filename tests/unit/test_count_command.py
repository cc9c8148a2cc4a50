"""`lahstats count` is the product's counting, a line in, a JSON object out."""

import json

from typer.testing import CliRunner

from deploy.cli.main import app


def test_each_line_gets_its_object() -> None:
    text = "can lah can lah\nI can't do it\n\nwah lah so good\n"
    done = CliRunner().invoke(app, ["count"], input=text)
    assert done.exit_code == 0
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"can": 2, "lah": 2},
        {},
        {},
        {"wah": 1, "lah": 1},
    ]
