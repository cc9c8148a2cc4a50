"""Sign-ins wait for the provider in turns; who has nothing to ask of it waits for nobody."""

from dataclasses import replace
from pathlib import Path

from adapters.http.turns import Turns
from adapters.settings import Settings
from api.dependencies import provide
from deploy.prepare import credentials
from tests.unit.test_signing_in import OURS, Browser, app_of, signed_in


def test_sign_ins_that_wait_for_the_provider_keep_nobody_signed_in(tmp_path: Path) -> None:
    """Before, the browser of who signed out meanwhile kept its session."""
    credentials.ensure(tmp_path)
    app = app_of(Settings(data_dir=tmp_path))
    client = Browser(app, "https://lah.example")
    signed_in(client)
    none_free = Turns(most=1, most_of_caller=0, admission_s=0.01)
    provide(app, replace(app.state.services, sign_ins=none_free))
    assert client.get("/auth/ways").json() == {"provider": False, "development": True}
    assert client.get("/auth/name").json() == "mei"
    assert signed_in(client).status_code == 200
    assert client.post("/auth/out", headers=OURS).json() == {"address": ""}
    assert not client.cookies
