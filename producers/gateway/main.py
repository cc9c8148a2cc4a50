"""`python -m producers.gateway.main`: composes the write side and serves it."""

import sys

from adapters.http import server
from adapters.http.tokens import UploadTokens, UserTokens
from adapters.kafka.publisher import KafkaPublisher, StagePublisher
from adapters.kafka.reader import LogReader
from adapters.objects.s3 import S3BlobStore
from adapters.process import health, logs
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from producers.gateway.app import build
from producers.gateway.dependencies import Services, provide
from producers.gateway.directory import Directory
from producers.gateway.directory_consumer import DirectoryConsumer
from producers.gateway.ingest import Ingest
from producers.gateway.invites import Invites
from schemas import stages

PUBLISH_TIMEOUT_S = 8.0
"""Less than a phone waits for its answer."""


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    logs.configure("gateway")
    directory = Directory()
    blobs = S3BlobStore(settings)
    publisher = KafkaPublisher(settings.kafka, timeout_s=PUBLISH_TIMEOUT_S)
    consumer = DirectoryConsumer(LogReader(settings.kafka, "gateway"), directory)
    consumer.start()
    services = Services(
        ingest=Ingest(blobs, StagePublisher(publisher, stages.GATEWAY), unix_ms),
        directory=directory,
        users=UserTokens(settings),
        uploads=UploadTokens(settings),
        invites=Invites(settings.upload_secret),
    )
    app = build(settings.page_origin)
    provide(app, services)
    objects = health.BackgroundCheck(blobs.ready).start()
    health.serve(settings.host, settings.health_port, lambda: consumer.ready() and objects.ready())
    server.run(app, settings.host, settings.port("gateway"))
    consumer.close()
    publisher.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
