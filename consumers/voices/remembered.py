"""A diarizer that takes what its models made of the same audio ahead.

The models look at one diarization chunk, or at one piece of speech, at a time. So the audio alone
says what they make of it, whatever was around it. In which company it was worked on changes the
last bits of an embedding: float32 is added up in another order.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from hashlib import blake2b

import numpy as np
from cachetools import LRUCache

from consumers.audio.decoder import Samples
from consumers.voices.diarization import WindowDiarizer
from consumers.voices.embeddings import Array
from schemas.audio import SAMPLES_PER_MS

MOST = 256
"""Chunks, and as many pieces, that are remembered: some 3 MB, half a window of fifty talks."""
DIGEST_BYTES = 16


class RememberingDiarizer:
    """Behind the port of another one. Blocking; thread-safe when the other one is.

    Of the chunks of some audio, those at its beginning that are known are not worked on again. Only
    `ahead` remembers, and what is taken is forgotten: a window is diarized once, and talks that
    have the same audio cost the same.
    """

    def __init__(self, diarizer: WindowDiarizer) -> None:
        self.grid = diarizer.grid
        self._diarizer = diarizer
        self._activity = _Memory()
        self._embeddings = _Memory()
        self._pieces = _Memory()
        self._is_ahead = False

    def ahead(self) -> "RememberingDiarizer":
        """The same memory, for work whose result is not wanted yet: it is remembered."""
        other = copy(self)
        other._is_ahead = True  # noqa: SLF001 - of its own class
        return other

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
        known = self._known(self._pieces, keys)
        new = [place for place, key in enumerate(keys) if key not in known]
        if new:
            found = self._diarizer.embed_pieces([pieces[place] for place in new])
            made = dict(zip([keys[place] for place in new], found, strict=True))
            self._remember(self._pieces, made)
            known |= made
        return np.stack([known[key] for key in keys])

    def _chunks(self, memory: "_Memory", samples: Samples, work: Callable[[int], Array]) -> Array:
        """The known chunks at the beginning, and `work` from the first unknown one on."""
        keys = [_digest(samples[start:end]) for start, end in self._whole(samples)]
        known = self._known(memory, keys)
        first = next((n for n, key in enumerate(keys) if key not in known), len(keys))
        told = [known[key] for key in keys[:first]]
        if told and first == len(keys) and self._ends_with_a_chunk(samples):
            return np.stack(told)
        found = work(first)  # it may go on behind the last key: a padded chunk
        self._remember(memory, dict(zip(keys[first:], found, strict=False)))
        return np.concatenate([np.stack(told), found]) if told else found

    def _known(self, memory: "_Memory", keys: Sequence[bytes]) -> dict[bytes, Array]:
        return memory.of(keys) if self._is_ahead else memory.take(keys)

    def _remember(self, memory: "_Memory", made: Mapping[bytes, Array]) -> None:
        if self._is_ahead:
            memory.keep(made)

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

    def take(self, keys: Sequence[bytes]) -> dict[bytes, Array]:
        """Those that are known. They are not known any more."""
        with self._lock:
            return {key: self._arrays.pop(key) for key in set(keys) if key in self._arrays}

    def keep(self, made: Mapping[bytes, Array]) -> None:
        """Remember them: copies, since each would hold the batch that it was made in."""
        with self._lock:
            self._arrays.update({key: np.array(one) for key, one in made.items()})


def _digest(samples: Samples) -> bytes:
    return blake2b(np.ascontiguousarray(samples).data, digest_size=DIGEST_BYTES).digest()
