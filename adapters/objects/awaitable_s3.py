"""The object store as an event loop uses it: written and asked without a thread."""

import hashlib
from datetime import UTC, datetime
from typing import Self

import aiohttp
from yarl import URL

from adapters.objects.request_signer import RequestSigner, SignedRequest
from adapters.objects.s3 import CONNECT_S, CONNECTIONS, refused
from adapters.objects.store import WrongDigestError
from adapters.objects.store_clock import Exchange
from adapters.process.retry import TransientError
from adapters.settings import Settings
from schemas.event import Pointer

ANSWER_S = 15.0
"""For a whole request: with Kafka's time it is less than the 30 s that a phone waits.

Without it an upload to a store that is frozen never ended: only reads had a limit.
"""
TIMEOUT = aiohttp.ClientTimeout(total=ANSWER_S, sock_connect=CONNECT_S)
GENERATED = ("User-Agent", "Accept", "Accept-Encoding")
"""Headers that the client would add to each request."""


class AwaitableS3:
    """Adapter of `AwaitableBlobs` for one event loop. Use it as `async with`.

    Connections stay open between requests.
    """

    def __init__(self, settings: Settings) -> None:
        self._signer = RequestSigner(settings)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS),
            timeout=TIMEOUT,
            skip_auto_headers=GENERATED,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def put(self, wanted: Pointer, body: bytes, content_type: str) -> None:
        """Write the whole object in one request."""
        request = self._signer.put(wanted, content_type, datetime.now(UTC))
        status = await self._status(request, body)
        if status == 400 and hashlib.sha256(body).hexdigest() != wanted.sha256:
            raise WrongDigestError
        if status != 200:
            raise refused(status)

    async def has(self, key: str) -> bool:
        """Whether the object is there."""
        status = await self._status(self._signer.head(key, datetime.now(UTC)))
        if status not in (200, 404):
            raise TransientError(f"object store answered {status}")
        return status == 200

    async def _status(self, request: SignedRequest, body: bytes | None = None) -> int:
        assert self._session is not None, "outside of `async with`"
        exchange = Exchange()
        try:
            async with self._session.request(
                request.method, URL(request.url, encoded=True), headers=request.headers, data=body
            ) as answer:
                exchange.answered(answer.headers.get("Date"))
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TransientError(f"object store is away: {type(error).__name__}") from error
