"""A defect of ours is answered, and its text stays in the log."""

from fastapi import FastAPI

from adapters.http import problems
from tests.gateway_fakes import Client


def app() -> FastAPI:
    made = FastAPI()
    problems.install(made)

    @made.get("/")
    def defective() -> None:
        raise ValueError("SELECT what FROM others WHERE word = 'walao'")

    return made


def test_a_defect_tells_nobody_what_it_met() -> None:
    """Before, its text was the detail of the answer."""
    answer = Client(app()).request("GET", "/")
    assert (answer.status_code, answer.json()["type"]) == (500, "defect")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "walao" not in answer.text
