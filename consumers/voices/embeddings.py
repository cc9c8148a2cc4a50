"""Directions of embeddings: what is alike is measured by their cosine."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def unit(vectors: Array) -> Array:
    """Each of (…, dimension) scaled to length 1; zeros stay zeros."""
    found: Array = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return found
