"""The laws on real recordings. pyannote is imported here as a worker imports it."""

from adapters.settings import Settings
from consumers.voices.pyannote_models import prepare_imports

prepare_imports(Settings(), is_ours=True)
