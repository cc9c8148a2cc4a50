"""`python -m consumers.diarize.main`."""

import sys

from adapters import model_manifest
from adapters.erasure.guard import ErasureGuard
from adapters.erasure.session_objects import ErasableObjects
from adapters.objects.s3 import S3BlobStore
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from consumers.audio.decoder import Decoder
from consumers.audio.window_audio import WindowAudio
from consumers.diarize.step import Diarize
from consumers.runtime.guarded_step import GuardedStep
from consumers.runtime.process import serve
from consumers.voices import pyannote_diarizer
from consumers.voices.diarization import Grid
from schemas import stages


def main() -> int:
    """Blocks until SIGTERM. The models are loaded before the group is joined: ready means able."""
    settings = Settings()
    manifest = model_manifest.load(settings.models_manifest)
    model = manifest.profiles[settings.models_profile].diarization
    blobs = S3BlobStore(settings)
    guard = ErasureGuard(ErasableObjects(blobs))
    grid = Grid(
        chunk_ms=int(pyannote_diarizer.CHUNK_S * 1000),
        step_ms=int(settings.diarization_step_s * 1000),
    )
    loaded = pyannote_diarizer.load(settings, manifest)
    step = Diarize(blobs, unix_ms, model, WindowAudio(blobs, Decoder()), loaded, grid)
    return serve(settings, GuardedStep(step, guard), stages.DIARIZE)


if __name__ == "__main__":
    sys.exit(main())
