"""Reads what the adapted sentence model makes of O*NET titles and technologies, so that word vectors can copy it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.link_semantic import SentenceVectors
from matcher.ranking.link_text import plain
from seeds.models.link.teach_data import Text

Floats = NDArray[np.float32]
DIMENSIONS = 80
Sense = Mapping[str, Floats]


def learn(texts: Sequence[Text]) -> Sense:
    """Unit vectors of 80 numbers by plain title or technology name (some minutes; the extra has to be installed)."""
    found = sorted({plain(text.text) for text in texts if text.title or text.technology} - {""})
    names = [found[at] for at in np.random.default_rng(0).permutation(len(found))]
    return shortened(names, SentenceVectors.load().suited("titles").of(names))


def shortened(names: Sequence[str], rows: Floats) -> Sense:
    """The rows without their mean, along the directions in which they differ most (principal components)."""
    centred = rows - rows.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    short = centred @ directions[:, ::-1][:, :DIMENSIONS]
    short /= np.maximum(np.linalg.norm(short, axis=1, keepdims=True), 1e-9)
    return dict(zip(names, np.asarray(short, np.float32), strict=True))
