"""The models that come with inkdigits, by name."""

from pathlib import Path

ALIASES = {
    "softmax": "softmax-regression",
    "multilayer-perceptron": "mlp",
    "convolutional-neural-network": "cnn",
    "tiny": "narrow-network",
    "tiny-int8": "narrow-network-int8",
    "best": "residual-network",
}


def bundled_names() -> list[str]:
    """The names of the bundled models, without aliases."""
    return sorted(
        entry.name.removesuffix(".onnx") for entry in _folder().iterdir() if _is_model(entry)
    )


def bundled_model(name: str) -> Path | None:
    """The bundled model of that name or alias (`_` and `-` are the same), or None."""
    name = name.replace("_", "-")
    entry = _folder() / f"{ALIASES.get(name, name)}.onnx"
    # A name with a separator would leave the folder.
    return entry if name.replace("-", "").isalnum() and entry.is_file() else None


def _folder() -> Path:
    return Path(__file__).parent / "models"


def _is_model(entry: Path) -> bool:
    return entry.name.endswith(".onnx")
