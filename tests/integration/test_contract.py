"""Generated requests to every route: no server error, and only answers of the OpenAPI documents."""

import os
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from deploy.openapi.applications import applications
from tests.integration.conftest import Scene
from tests.integration.people import Person

pytestmark = pytest.mark.usefixtures("stack")
"""`make on-servers` does not collect this file, so every test of it is one on the stack."""
pytest_plugins = ["schemathesis.pytest.plugin"]
"""Loaded here only: importing it costs every other test file two seconds."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
DOCUMENTS = {
    side: schemathesis.openapi.from_dict(app.openapi()) for side, app in applications().items()
}
REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "0"))
"""`make fuzz` sends so many to each route, others each time."""
GENTLY = settings(
    max_examples=REQUESTS or 15,
    derandomize=not REQUESTS,
    suppress_health_check=list(HealthCheck),
)


def sent(case: Any, base_url: str, token: str) -> None:
    answer: requests.Response = case.call(
        base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=30
    )
    case.validate_response(answer, checks=CHECKS)


@pytest.fixture(scope="module")
def fuzzer(scene: Scene) -> Person:
    """Somebody whose profile and groups may be changed in any way."""
    return Person(scene.stack.settings, f"{scene.user('owner')}-fuzzer")


@DOCUMENTS["gateway"].parametrize()
@GENTLY
def test_the_gateway_answers_as_documented(case: Any, scene: Scene, fuzzer: Person) -> None:
    sent(case, scene.stack.settings.url("gateway"), fuzzer.token)


@DOCUMENTS["api"].parametrize()
@GENTLY
def test_the_api_answers_as_documented(case: Any, scene: Scene) -> None:
    """With ids that nobody has, and with ids that lead somewhere where the path has such."""
    url = scene.stack.settings.url("api")
    token = scene.people["member"].token
    sent(case, url, token)
    ours = {"session_id": scene.session_id, "group_id": scene.group_id}
    made_up = case.path_parameters or {}
    known = {name: ours[name] for name in ours.keys() & made_up.keys()}
    if known:
        case.path_parameters = {**made_up, **known}
        sent(case, url, token)
