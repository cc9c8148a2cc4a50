"""`python -m producers.gateway.main`: composes the write side and serves it."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from adapters.audio.measuring import Measuring
from adapters.http.server import Server
from adapters.http.tokens import UploadTokens, UserTokens
from adapters.http.turns import Turns
from adapters.kafka.publisher import AwaitablePublisher, KafkaPublisher
from adapters.kafka.reader import LogReader
from adapters.kafka.stage_publisher import AwaitableStagePublisher
from adapters.objects.awaitable_s3 import AwaitableS3
from adapters.objects.s3 import S3BlobStore
from adapters.objects.store import BlobStore
from adapters.process import health, lifecycle
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from producers.gateway.app import build
from producers.gateway.chunk_audio import AudioCheck
from producers.gateway.chunk_ingest import ChunkIngest
from producers.gateway.chunk_numbers import ChunkNumbers
from producers.gateway.dependencies import Services, provide
from producers.gateway.directory import Directory
from producers.gateway.directory_consumer import DirectoryConsumer
from producers.gateway.held_uploads import HeldUploads
from producers.gateway.ingest import Ingest
from producers.gateway.invites import Invites
from producers.gateway.request_keys import RequestKeys
from producers.gateway.responses import MOST_WAITING, MOST_WAITING_OF_CALLER
from schemas import stages

PUBLISH_TIMEOUT_S = 8.0
"""Less than a phone waits for its answer."""


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    process = lifecycle.begin(settings, stages.GATEWAY)
    process.waits_for("Kafka")
    directory = Directory()
    blobs = S3BlobStore(settings)
    publisher = KafkaPublisher(settings.kafka, timeout_s=PUBLISH_TIMEOUT_S)
    consumer = DirectoryConsumer(LogReader(settings.kafka, "gateway"), directory)
    consumer.start()
    bucket = health.BackgroundCheck(blobs.takes_writes).start()
    app = _app(settings, directory, blobs, AwaitableStagePublisher(publisher, stages.GATEWAY))
    served = Server(app, settings.host, settings.port("gateway"), front_doors=settings.front_doors)
    process.ready_when(
        lambda: served.is_open() and consumer.ready() and bucket.ready(),
        "directories, and an object store that takes writes",
    )
    served.serve_until_stopped()
    consumer.close()
    publisher.close()
    return 0


def _app(
    settings: Settings, directory: Directory, blobs: BlobStore, publisher: AwaitablePublisher
) -> FastAPI:
    objects = AwaitableS3(settings)
    measuring = Measuring()

    @asynccontextmanager
    async def connected(_: FastAPI) -> AsyncIterator[None]:
        async with objects:
            yield
        await measuring.close()

    app = build(connected)
    services = Services(
        ingest=Ingest(blobs, publisher, unix_ms),
        audio=AudioCheck(measuring),
        chunks=ChunkIngest(objects, publisher, unix_ms, ChunkNumbers(directory)),
        directory=directory,
        users=UserTokens(settings),
        uploads=UploadTokens(settings),
        invites=Invites(settings.upload_secret),
        keys=RequestKeys(),
        turns=Turns(MOST_WAITING, MOST_WAITING_OF_CALLER),
        held=HeldUploads(),
    )
    provide(app, services)
    return app


if __name__ == "__main__":
    sys.exit(main())
