"""Signed requests for one object (AWS Signature Version 4). Pure.

The client of `minio` hashes every body again and splits one above 5 MiB into parts. A part of a
write that broke off stays in the store, and no listing shows it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from minio.credentials.credentials import Credentials
from minio.signer import sign_v4_s3

from adapters.settings import Settings
from schemas.event import Pointer

REGION = "us-east-1"
AMZ_DATE = "%Y%m%dT%H%M%SZ"
NO_BODY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class SignedRequest:
    """A request that is good for a quarter of an hour."""

    method: str
    url: str
    headers: dict[str, str]


class RequestSigner:
    """Signs for one bucket, with its name in the path: every store takes that form.

    `now` is in UTC.
    """

    def __init__(self, settings: Settings) -> None:
        self._base = f"{settings.store_url}/{settings.s3_bucket}/"
        secret = settings.s3_secret_key.get_secret_value()
        self._credentials = Credentials(settings.s3_access_key, secret)

    def put(
        self,
        wanted: Pointer,
        content_type: str,
        now: datetime,
    ) -> SignedRequest:
        """Write the object that `wanted` describes. The store refuses bytes of another digest."""
        headers = {
            "Content-Length": str(wanted.size),
            "Content-Type": content_type,
        }
        return self._signed("PUT", wanted.key, headers, wanted.sha256, now)

    def head(self, key: str, now: datetime) -> SignedRequest:
        """Ask whether the object is there."""
        return self._signed("HEAD", key, {}, NO_BODY, now)

    def _signed(
        self, method: str, key: str, headers: dict[str, str], sha256: str, now: datetime
    ) -> SignedRequest:
        url = self._base + quote(key)
        split = urlsplit(url)
        named: dict[str, str | list[str] | tuple[str]] = {
            "Host": split.netloc,
            **headers,
            "x-amz-content-sha256": sha256,
            "x-amz-date": now.strftime(AMZ_DATE),
        }
        sign_v4_s3(
            method=method,
            url=split,
            region=REGION,
            headers=named,
            credentials=self._credentials,
            content_sha256=sha256,
            date=now,
        )
        return SignedRequest(method, url, {name: str(value) for name, value in named.items()})
