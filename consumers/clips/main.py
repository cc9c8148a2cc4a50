"""`python -m consumers.clips.main`: the process of the stage `clips`."""

import sys

from adapters.erasure.erasable_objects import ErasableObjects
from adapters.erasure.guard import ErasureGuard
from adapters.objects.s3 import S3BlobStore
from adapters.process import lifecycle
from adapters.process.priority import step_back
from adapters.settings import Settings
from consumers.audio.decoder import Decoder
from consumers.audio.window_audio import WindowAudio
from consumers.clips.step import Clips
from consumers.runtime.guarded_step import GuardedStep
from consumers.runtime.process import serve
from schemas import stages


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    process = lifecycle.begin(settings, stages.CLIPS)
    step_back()  # clips are wanted while the last windows are still transcribed
    blobs = S3BlobStore(settings)
    guard = ErasureGuard(ErasableObjects(blobs))
    return serve(
        process,
        GuardedStep(Clips(blobs, WindowAudio(blobs, Decoder())), guard),
    )


if __name__ == "__main__":
    sys.exit(main())
