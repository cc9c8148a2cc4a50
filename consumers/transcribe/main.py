"""`python -m consumers.transcribe.main`."""

import sys

from adapters import lexicon_file, model_manifest
from adapters.clock import unix_ms
from adapters.object_store import S3BlobStore
from adapters.settings import Settings
from consumers.audio.decoder import Decoder
from consumers.audio.window_audio import WindowAudio
from consumers.runtime.process import serve
from consumers.transcribe.hearing import Hearing
from consumers.transcribe.step import Transcribe
from schemas import topics


def main() -> int:
    """Blocks until SIGTERM. The model is loaded before the group is joined: ready means able."""
    settings = Settings()
    manifest = model_manifest.load(settings.models_manifest)
    model = manifest.profiles[settings.models_profile].whisper
    blobs = S3BlobStore(settings)
    hearing = Hearing(settings, manifest, lexicon_file.current().hotwords())
    step = Transcribe(blobs, unix_ms, model, WindowAudio(blobs, Decoder()), hearing)
    return serve(settings, step, [topics.WINDOW_READY])


if __name__ == "__main__":
    sys.exit(main())
