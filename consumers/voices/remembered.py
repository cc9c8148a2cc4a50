"""A diarizer that remembers what its models made of the same audio before.

The models look at one diarization chunk, or at one piece of speech, at a time. So the audio alone
says what they make of it, whatever was around it. In which company it was worked on changes the
last bits of an embedding: float32 is added up in another order.
"""

import threading
from collections.abc import Callable, Sequence
from hashlib import blake2b

import numpy as np
from cachetools import LRUCache

from consumers.audio.decoder import Samples
from consumers.voices.diarization import WindowDiarizer
from consumers.voices.embeddings import Array
from schemas.audio import SAMPLES_PER_MS

MOST = 256
"""Chunks, and as many pieces, that are remembered: some 3 MB, and the last minutes of ten talks."""
DIGEST_BYTES = 16


class RememberingDiarizer:
    """Behind the port of another one. Blocking; thread-safe when the other one is.

    Of the chunks of some audio, those at its beginning that are known are not worked on again.
    """

    def __init__(self, diarizer: WindowDiarizer) -> None:
        self.grid = diarizer.grid
        self._diarizer = diarizer
        self._activity = _Memory()
        self._embeddings = _Memory()
        self._pieces = _Memory()

    def segment(self, samples: Samples) -> Array:
        """See `WindowDiarizer.segment`."""
        return self._chunks(
            self._activity,
            samples,
            lambda first: self._diarizer.segment(self._from(samples, first)),
        )

    def embed(self, samples: Samples, activity: Array) -> Array:
        """See `WindowDiarizer.embed`. `activity` is what `segment` says of the samples."""
        return self._chunks(
            self._embeddings,
            samples,
            lambda first: self._diarizer.embed(self._from(samples, first), activity[first:]),
        )

    def embed_pieces(self, pieces: Sequence[Samples]) -> Array:
        """See `WindowDiarizer.embed_pieces`."""
        keys = list(map(_digest, pieces))
        known = self._pieces.of(keys)
        new = [place for place, key in enumerate(keys) if key not in known]
        if new:
            found = self._diarizer.embed_pieces([pieces[place] for place in new])
            known |= self._pieces.keep([keys[place] for place in new], found)
        return np.stack([known[key] for key in keys])

    def _chunks(self, memory: "_Memory", samples: Samples, work: Callable[[int], Array]) -> Array:
        """The known chunks at the beginning, and `work` from the first unknown one on."""
        keys = [_digest(samples[start:end]) for start, end in self._whole(samples)]
        known = memory.of(keys)
        first = next((n for n, key in enumerate(keys) if key not in known), len(keys))
        told = [known[key] for key in keys[:first]]
        if told and first == len(keys) and self._ends_with_a_chunk(samples):
            return np.stack(told)
        found = work(first)
        memory.keep(keys[first:], found)
        return np.concatenate([np.stack(told), found]) if told else found

    def _from(self, samples: Samples, first: int) -> Samples:
        return samples[first * self.grid.step_ms * SAMPLES_PER_MS :]

    def _whole(self, samples: Samples) -> list[tuple[int, int]]:
        """The first sample and the one after the last of each whole chunk."""
        size = self.grid.chunk_ms * SAMPLES_PER_MS
        step = self.grid.step_ms * SAMPLES_PER_MS
        return [(start, start + size) for start in range(0, len(samples) - size + 1, step)]

    def _ends_with_a_chunk(self, samples: Samples) -> bool:
        """Whether the models add no padded chunk."""
        rest = len(samples) - self.grid.chunk_ms * SAMPLES_PER_MS
        return rest >= 0 and rest % (self.grid.step_ms * SAMPLES_PER_MS) == 0


class _Memory:
    """Arrays by the digest of their audio. Thread-safe."""

    def __init__(self) -> None:
        self._arrays: LRUCache[bytes, Array] = LRUCache(MOST)
        self._lock = threading.Lock()

    def of(self, keys: Sequence[bytes]) -> dict[bytes, Array]:
        """Those that are known."""
        with self._lock:
            return {key: self._arrays[key] for key in keys if key in self._arrays}

    def keep(self, keys: Sequence[bytes], found: Array) -> dict[bytes, Array]:
        """Remembers `found`, which may go on behind the last key: a padded chunk."""
        kept = {key: np.array(one) for key, one in zip(keys, found, strict=False)}
        with self._lock:
            self._arrays.update(kept)
        return kept


def _digest(samples: Samples) -> bytes:
    return blake2b(np.ascontiguousarray(samples).data, digest_size=DIGEST_BYTES).digest()
