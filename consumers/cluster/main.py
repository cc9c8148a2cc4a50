"""`python -m consumers.cluster.main`."""

import sys

from adapters import model_manifest
from adapters.erasure.guard import ErasureGuard
from adapters.erasure.session_objects import ErasableObjects
from adapters.objects.s3 import S3BlobStore
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from consumers.cluster.step import Cluster
from consumers.runtime.guarded_step import GuardedStep
from consumers.runtime.process import serve
from consumers.voices import pyannote_diarizer
from consumers.voices.diarization import Grid
from schemas import stages


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    loaded = pyannote_diarizer.load(settings, model_manifest.load(settings.models_manifest))
    grid = Grid(
        chunk_ms=int(pyannote_diarizer.CHUNK_S * 1000),
        step_ms=int(settings.diarization_step_s * 1000),
    )
    blobs = S3BlobStore(settings)
    guard = ErasureGuard(ErasableObjects(blobs))
    return serve(
        settings,
        GuardedStep(Cluster(blobs, unix_ms, loaded, grid), guard),
        stages.CLUSTER,
    )


if __name__ == "__main__":
    sys.exit(main())
