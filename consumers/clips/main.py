"""`python -m consumers.clips.main`."""

import sys

from adapters.objects.s3 import S3BlobStore
from adapters.settings import Settings
from consumers.audio.decoder import Decoder
from consumers.audio.window_audio import WindowAudio
from consumers.clips.step import Clips
from consumers.runtime.process import serve
from consumers.runtime.unerased import Unerased
from schemas import topics


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    blobs = S3BlobStore(settings)
    return serve(
        settings,
        Unerased(Clips(blobs, WindowAudio(blobs, Decoder())), blobs),
        [topics.CLIPS_WANTED],
    )


if __name__ == "__main__":
    sys.exit(main())
