"""Signed requests for objects: one request for a whole object, with the digest that is known."""

import hashlib
from datetime import UTC, datetime

from msgspec.structs import replace
from pydantic import SecretStr

from adapters.objects.request_signer import RequestSigner
from adapters.settings import Settings
from schemas.event import Pointer

NOW = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)
BODY = bytes(6 << 20)
"""Larger than a part of the library's."""
WANTED = Pointer(
    key="audio/one/000003-ab cd", sha256=hashlib.sha256(BODY).hexdigest(), size=len(BODY)
)


def signer() -> RequestSigner:
    settings = Settings(s3_endpoint="store:9000", s3_secret_key=SecretStr("secret"))
    return RequestSigner(settings)


def test_a_write_names_the_whole_object_and_its_digest() -> None:
    request = signer().put(WANTED, "audio/flac", NOW)
    assert (request.method, request.url) == (
        "PUT",
        "http://store:9000/lahstats/audio/one/000003-ab%20cd",
    )
    assert request.headers["x-amz-content-sha256"] == WANTED.sha256
    assert request.headers["Content-Length"] == str(len(BODY))
    signed = request.headers["Authorization"].partition("SignedHeaders=")[2]
    assert "content-length;content-type;host;x-amz-content-sha256;x-amz-date" in signed


def test_another_digest_has_another_signature() -> None:
    one = signer().put(WANTED, "audio/flac", NOW)
    other = signer().put(replace(WANTED, sha256="0" * 64), "audio/flac", NOW)
    assert one.headers["Authorization"] != other.headers["Authorization"]
    assert one.headers == signer().put(WANTED, "audio/flac", NOW).headers


def test_a_question_has_no_body() -> None:
    request = signer().head(WANTED.key, NOW)
    assert request.method == "HEAD"
    assert request.headers["x-amz-content-sha256"] == hashlib.sha256(b"").hexdigest()
