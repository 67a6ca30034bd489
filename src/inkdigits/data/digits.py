"""`Digits`: images with their labels, the form in which all data travels."""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inkdigits.errors import DataError

Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Digits:
    """Handwritten digits in memory.

    Attributes:
        images: uint8 [n, 28, 28], ink 255 on background 0.
        labels: uint8 [n], 0 to 9.
        name: what people call it, such as "MNIST test"; it goes into results and model files.
    """

    images: Images
    labels: Labels
    name: str = "digits"

    def __post_init__(self) -> None:
        if self.images.dtype != np.uint8 or self.images.shape[1:] != (28, 28):
            raise DataError(
                f"{self.name}: images must be uint8 [n, 28, 28], "
                f"not {self.images.dtype} {list(self.images.shape)}"
            )
        if self.labels.dtype != np.uint8 or self.labels.shape != self.images.shape[:1]:
            raise DataError(
                f"{self.name}: labels must be uint8 [{len(self.images)}], "
                f"not {self.labels.dtype} {list(self.labels.shape)}"
            )
        if len(self.labels) and int(self.labels.max()) > 9:
            raise DataError(f"{self.name}: label {int(self.labels.max())} is not a digit 0 to 9")

    def __len__(self) -> int:
        return len(self.labels)

    def subset(self, indices: npt.NDArray[np.intp], name: str | None = None) -> "Digits":
        """The digits at these indices, in this order."""
        return Digits(self.images[indices], self.labels[indices], name or self.name)

    def checksum(self) -> str:
        """SHA-256 over images and labels, as hexadecimal digits: names the data in a model file."""
        digest = hashlib.sha256(self.images.tobytes())
        digest.update(self.labels.tobytes())
        return digest.hexdigest()
