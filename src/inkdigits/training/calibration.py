"""Temperature scaling (Guo et al. 2017, section 4.2): one number that makes confidence honest."""

import numpy as np
import numpy.typing as npt

_LOWEST, _HIGHEST = 0.05, 20.0


def temperature(logits: npt.NDArray[np.float32], labels: npt.NDArray[np.uint8]) -> float:
    """The temperature T with which softmax(logits / T) has the least cross-entropy.

    The cross-entropy is convex in 1/T, so that Newton's method finds the one minimum.

    Args:
        logits: float32 [n, 10] of images that were not trained on.
        labels: uint8 [n].

    Returns:
        T in [0.05, 20]; 1.0 where there are no images.
    """
    if not len(labels):
        return 1.0
    scores = logits.astype(np.float64)
    scores -= scores.max(axis=1, keepdims=True)
    true = scores[np.arange(len(labels)), labels]
    inverse = 1.0
    for _ in range(50):
        weights = np.exp(inverse * scores)
        weights /= weights.sum(axis=1, keepdims=True)
        mean = (weights * scores).sum(axis=1)
        slope = float((mean - true).mean())
        curvature = float(((weights * scores**2).sum(axis=1) - mean**2).mean())
        # Halving and doubling at most keeps a step on a flat or perfect cost from running away.
        step = inverse - slope / max(curvature, 1e-12)
        step = min(max(step, inverse / 2, 1 / _HIGHEST), inverse * 2, 1 / _LOWEST)
        if abs(step - inverse) < 1e-9:
            break
        inverse = step
    return 1 / inverse
