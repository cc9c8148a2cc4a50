"""Embeddings: vectors that say how a voice sounds, and the cosine that compares two. Pure."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
LEAST_LENGTH = 1e-9
"""Shorter vectors are divided by this, so that zeros stay zeros."""


def unit(vectors: Array) -> Array:
    """Each vector of (…, dimension) scaled to length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Array = vectors / np.maximum(lengths, LEAST_LENGTH)
    return scaled


def is_known(embeddings: Array) -> Array:
    """Which of (…, dimension) say something, shape (…): finite numbers, and not all zero.

    Models give NaN for audio that is too short for them.
    """
    finite: Array = np.asarray(np.isfinite(embeddings).all(axis=-1))
    lengths = np.linalg.norm(np.where(finite[..., None], embeddings, 0), axis=-1)
    known: Array = finite & (lengths > LEAST_LENGTH)
    return known


def cosine(some: Array, others: Array) -> Array:
    """Similarity of (n, dimension) to (m, dimension), shape (n, m): 1 is the same direction."""
    similarity: Array = unit(some) @ unit(others).T
    return similarity


def speaks_alone(activity: Array) -> Array:
    """Frames in which one local speaker speaks and no other does, as booleans.

    `activity`: shape (chunks, frames, local speakers), 0 or 1; so is the result.
    """
    speaks = activity > 0
    number = speaks.sum(axis=2, keepdims=True)
    alone: Array = speaks & (number == 1)
    return alone
