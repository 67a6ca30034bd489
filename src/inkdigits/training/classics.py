"""The classical methods that the chapter's background names, from scikit-learn.

k-nearest neighbours, a support-vector machine, and boosted trees, trained on the pixels of all
training images, optionally preprocessed. Their settings are fixed: they were chosen once, on 5,000
images split off MNIST's training set, among those that let all three finish within a few minutes
on two cores.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inkdigits.data.digits import Digits, Images
from inkdigits.errors import MissingExtraError, UsageError
from inkdigits.inference.evaluation import Evaluation, evaluate_probabilities
from inkdigits.training.preprocessing import preprocess


@dataclass(frozen=True)
class Classic:
    """A classical method.

    Attributes:
        title: what people call it.
        settings: its settings and its source, for tables.
        make: gives a new scikit-learn estimator; takes the seed.
        features: images uint8 [n, 28, 28] to what the estimator takes, [n, features].
        has_probabilities: whether it gives probabilities, so that it has a cost.
    """

    title: str
    settings: str
    make: Callable[[int], Any]
    features: Callable[[Images], npt.NDArray[Any]]
    has_probabilities: bool


@dataclass(frozen=True)
class ClassicResult:
    """What came of a classical method.

    Attributes:
        method: its name.
        title: what people call it.
        settings: its settings and its source.
        preprocessing: what was done to the images before.
        train: how many images it was trained on.
        test: its figures on the test set. A method without probabilities counts as sure of its
            answer, so that only the errors mean something.
        cost: mean cross-entropy on the test set; None for a method without probabilities.
        seconds: to preprocess, train and read the test set.
    """

    method: str
    title: str
    settings: str
    preprocessing: str
    train: int
    test: Evaluation
    cost: float | None
    seconds: float


def train_classic(
    name: str,
    train: Digits,
    test: Digits,
    *,
    preprocessing: str = "none",
    seed: int = 0,
    threads: int | None = None,
) -> ClassicResult:
    """Train a classical method and look at the test set once.

    Args:
        name: one of `CLASSICS`.
        train: what to train on; all of it is used.
        test: what to measure on.
        preprocessing: one of `inkdigits.training.preprocessing.PREPROCESSINGS`, for both.
        seed: decides what is drawn.
        threads: processors to use; all that there are by default.

    Raises:
        UsageError: there is no such method or preprocessing.
        MissingExtraError: scikit-learn is not installed.
    """
    if name not in CLASSICS:
        raise UsageError(f"there is no method '{name}'; choose {', '.join(CLASSICS)}")
    require_classics()
    from threadpoolctl import threadpool_limits

    classic = CLASSICS[name]
    start = time.perf_counter()
    with threadpool_limits(threads):
        estimator = classic.make(seed)
        features = classic.features(preprocess(preprocessing, train.images))
        estimator.fit(features, train.labels)
        features = classic.features(preprocess(preprocessing, test.images))
        probabilities = _probabilities(estimator, features, classic.has_probabilities)
    seconds = time.perf_counter() - start
    evaluation = evaluate_probabilities(probabilities, test.labels)
    return ClassicResult(
        method=name,
        title=classic.title,
        settings=classic.settings,
        preprocessing=preprocessing,
        train=len(train),
        test=evaluation,
        cost=evaluation.cost if classic.has_probabilities else None,
        seconds=seconds,
    )


def require_classics() -> None:
    """Say what to install where scikit-learn is not there.

    Raises:
        MissingExtraError: it is not.
    """
    try:
        import sklearn  # noqa: F401 -- only whether it is there
    except ImportError as error:
        raise MissingExtraError(
            "the classical methods need scikit-learn; install it with: "
            "pip install 'inkdigits[classics]'"
        ) from error


def _nearest_neighbours(seed: int) -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(3, weights="distance", algorithm="brute")


def _support_vectors(seed: int) -> Any:
    from sklearn.decomposition import PCA
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import SVC

    # On all 784 pixels the same machine takes several times as long and is no better.
    components = PCA(50, svd_solver="covariance_eigh")
    return make_pipeline(components, SVC(C=10, cache_size=500))


def _boosted_trees(seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=60,
        learning_rate=0.25,
        max_bins=63,
        max_features=0.1,
        early_stopping=False,
        random_state=seed,
    )


def _pixels(images: Images) -> npt.NDArray[np.float32]:
    return images.reshape(len(images), -1).astype(np.float32) / 255


def _coarse_pixels(images: Images) -> npt.NDArray[np.uint8]:
    """Means of 2x2 pixels, uint8 [n, 196]: a quarter of the features, a quarter of the time."""
    blocks = images.reshape(len(images), 14, 2, 14, 2).mean(axis=(2, 4), dtype=np.float32)
    return np.rint(blocks).astype(np.uint8).reshape(len(images), -1)


def _probabilities(
    estimator: Any, features: npt.NDArray[Any], has_probabilities: bool
) -> npt.NDArray[np.float64]:
    """Probabilities of all ten digits, [n, 10]; without any, 1 for the answer."""
    probabilities = np.zeros((len(features), 10))
    if has_probabilities:
        probabilities[:, estimator.classes_] = estimator.predict_proba(features)
    else:
        probabilities[np.arange(len(features)), estimator.predict(features)] = 1
    return probabilities


CLASSICS = {
    "nearest-neighbours": Classic(
        "k-nearest neighbours",
        "k = 3, Euclidean, nearer ones count more (Cover & Hart 1967)",
        _nearest_neighbours,
        _pixels,
        has_probabilities=False,
    ),
    "support-vectors": Classic(
        "support-vector machine",
        "RBF kernel, C = 10, on 50 principal components (Cortes & Vapnik 1995)",
        _support_vectors,
        _pixels,
        has_probabilities=False,
    ),
    "boosted-trees": Classic(
        "boosted trees",
        "60 rounds of 10 trees with 31 leaves, on 14x14 pixels (Friedman 2001)",
        _boosted_trees,
        _coarse_pixels,
        has_probabilities=True,
    ),
}
