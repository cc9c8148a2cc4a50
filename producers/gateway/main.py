"""`python -m producers.gateway.main`."""

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
from producers.gateway.directory import Directory
from producers.gateway.directory_consumer import DirectoryConsumer
from producers.gateway.ingest import Ingest
from producers.gateway.invites import Invites
from producers.gateway.responses import Parts
from schemas import stages


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    logs.configure("gateway")
    directory, blobs, publisher = (
        Directory(),
        S3BlobStore(settings),
        KafkaPublisher(settings.kafka, timeout_s=8),
    )
    follower = DirectoryConsumer(LogReader(settings.kafka, "gateway"), directory)
    follower.start()
    writer = Ingest(blobs, StagePublisher(publisher, stages.GATEWAY), unix_ms)
    app = build(
        Parts(
            writer,
            directory,
            UserTokens(settings),
            UploadTokens(settings),
            Invites(settings.upload_secret),
        ),
        settings.page_origin,
    )
    objects = health.BackgroundCheck(blobs.ready).start()
    health.serve(settings.host, settings.health_port, lambda: follower.ready() and objects.ready())
    server.run(app, settings.host, settings.port("gateway"))
    follower.close()
    publisher.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
