"""`python -m consumers.transcribe.main`: the process of the stage `transcribe`."""

import sys

from adapters import model_manifest
from adapters.erasure.erasable_objects import ErasableTexts
from adapters.erasure.guard import ErasureGuard
from adapters.objects.lexicons import shipped_lexicon
from adapters.objects.s3 import S3BlobStore
from adapters.process import lifecycle
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from consumers.audio.decoder import Decoder
from consumers.audio.window_audio import WindowAudio
from consumers.runtime.guarded_step import GuardedStep
from consumers.runtime.process import serve
from consumers.transcribe.phonetics import SoundIndex
from consumers.transcribe.rescoring import Rescorer
from consumers.transcribe.step import Transcribe
from consumers.transcribe.transcriber import Transcriber
from consumers.transcribe.whisper import Whisper, passes
from schemas import stages
from schemas.lexicon import Lexicon


def compose_transcriber(whisper: Whisper, lexicon: Lexicon) -> Transcriber:
    """A transcriber that is prompted with `lexicon` and gives evidence for its words."""
    rescorer = Rescorer(whisper, SoundIndex(lexicon.words))
    return Transcriber(whisper, rescorer.rescore, lexicon.prompt(), lexicon.style)


def main() -> int:
    """Blocks until SIGTERM. Loads the model before it joins the group."""
    settings = Settings()
    process = lifecycle.begin(settings, stages.TRANSCRIBE)
    process.waits_for("models")
    lexicon = shipped_lexicon()
    manifest = model_manifest.load(settings.models_manifest)
    model = manifest.profile(settings.models_profile).whisper
    blobs = S3BlobStore(settings)
    guard = ErasureGuard(ErasableTexts(blobs))
    transcriber = compose_transcriber(Whisper(settings, manifest, lexicon), lexicon)
    audio = WindowAudio(blobs, Decoder())
    step = Transcribe(blobs, unix_ms, model, audio, transcriber, passes(settings))
    return serve(process, GuardedStep(step, guard))


if __name__ == "__main__":
    sys.exit(main())
