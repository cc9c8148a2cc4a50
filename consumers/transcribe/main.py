"""`python -m consumers.transcribe.main`."""

import sys

from adapters import model_manifest
from adapters.erasure.guard import ErasureGuard
from adapters.erasure.session_objects import ErasableObjects
from adapters.objects.lexicons import shipped_lexicon
from adapters.objects.s3 import S3BlobStore
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from consumers.audio.decoder import Decoder
from consumers.audio.window_audio import WindowAudio
from consumers.runtime.guarded_step import GuardedStep
from consumers.runtime.process import serve
from consumers.transcribe.phonetics import Ear
from consumers.transcribe.rescoring import Weighing
from consumers.transcribe.step import Transcribe
from consumers.transcribe.transcriber import Hearing
from consumers.transcribe.whisper import Whisper
from schemas import topics
from schemas.lexicon import Lexicon


def composed(whisper: Whisper, lexicon: Lexicon) -> Hearing:
    """Hearing with evidence for the words of `lexicon`."""
    return Hearing(whisper, Weighing(whisper, Ear(lexicon.words)), lexicon.prompt())


def main() -> int:
    """Blocks until SIGTERM. The model is loaded before the group is joined: ready means able."""
    settings = Settings()
    lexicon = shipped_lexicon()
    manifest = model_manifest.load(settings.models_manifest)
    model = manifest.profiles[settings.models_profile].whisper
    blobs = S3BlobStore(settings)
    guard = ErasureGuard(ErasableObjects(blobs))
    hearing = composed(Whisper(settings, manifest, lexicon), lexicon)
    step = Transcribe(
        blobs, unix_ms, model, WindowAudio(blobs, Decoder()), hearing, settings.transcribe_batch
    )
    return serve(settings, GuardedStep(step, guard), [topics.WINDOW_READY])


if __name__ == "__main__":
    sys.exit(main())
