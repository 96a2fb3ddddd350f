"""Layers laid over black with weights (room picture, pure).

*Conventions.* Pictures are ``yuv420p`` planes in one array [shape=(height × 3 / 2, width)], limited range. A weight is the share
of the light that a layer gives; shares add up, what they leave is black. Weights are 8-bit fixed point and the sum is rounded
once, so a blend is exact to half a level plus the rounding of its weights (1/512).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.tools.media.framing import BLACK_UV, BLACK_Y

_ONE = 256
"""A whole share in fixed point: 256 × 255 still fits into 16 bits."""

Planes = NDArray[np.uint8]


def fixed_shares(weights: Sequence[float]) -> list[int]:
    """Return weights in 1/256, rounded so that their running sum is exact; a sum above 1 is scaled down to 1."""
    total = max(1.0, sum(weights))
    shares = []
    reached = 0
    so_far = 0.0
    for weight in weights:
        so_far += weight / total
        upto = min(_ONE, int(so_far * _ONE + 0.5))
        shares.append(upto - reached)
        reached = upto
    return shares


def blended(layers: Sequence[Planes], weights: Sequence[float]) -> Planes:
    """Blend pictures.

    Args:
        layers: at least one, all of the same even size, from bottom to top.
        weights: share of each, 0–1.

    Returns:
        their weighted sum on black, uint8 of the same shape.
    """
    shares = fixed_shares(weights)
    rest = _ONE - sum(shares)
    rows = layers[0].shape[0] * 2 // 3
    total = np.empty(layers[0].shape, np.uint16)
    half = _ONE // 2
    total[:rows] = BLACK_Y * rest + half
    total[rows:] = BLACK_UV * rest + half
    for layer, share in zip(layers, shares, strict=True):
        if share:
            total += layer.astype(np.uint16) * np.uint16(share)
    return (total >> 8).astype(np.uint8)
