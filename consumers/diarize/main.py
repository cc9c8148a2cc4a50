"""`python -m consumers.diarize.main`: the process of the stage `diarize`."""

import sys

from adapters import model_manifest
from adapters.erasure.erasable_objects import ErasableObjects
from adapters.erasure.guard import ErasureGuard
from adapters.objects.s3 import S3BlobStore
from adapters.process import lifecycle
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from consumers.audio.decoder import Decoder
from consumers.audio.window_audio import WindowAudio
from consumers.diarize.step import Diarize
from consumers.runtime.guarded_step import GuardedStep
from consumers.runtime.process import serve
from consumers.voices import pyannote_models
from schemas import stages


def main() -> int:
    """Blocks until SIGTERM. Loads the models before it joins the group."""
    settings = Settings()
    process = lifecycle.begin(settings, stages.DIARIZE)
    process.waits_for("models")
    manifest = model_manifest.load(settings.models_manifest)
    model = manifest.profile(settings.models_profile).diarization
    blobs = S3BlobStore(settings)
    guard = ErasureGuard(ErasableObjects(blobs))
    audio = WindowAudio(blobs, Decoder())
    diarizer = pyannote_models.load(settings, manifest)
    step = Diarize(blobs, unix_ms, model, audio, diarizer, pyannote_models.passes(settings))
    return serve(process, GuardedStep(step, guard))


if __name__ == "__main__":
    sys.exit(main())
