"""Each peer has a virtual environment of its own, made once and kept in the user's cache.

A peer that can't be installed is missing from the tables, with the reason, and the rest goes on.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

# What each peer needs, by the name of its environment. Versions are the newest ones that were
# tried; a peer's script says nothing about them.
REQUIREMENTS: dict[str, tuple[str, ...]] = {
    "pytorch": ("torch==2.13.0", "numpy==2.4.6", "pillow==13.0.0"),
    "keras": ("keras==3.15.1", "jax==0.10.2", "numpy==2.4.6"),
    "paddle": ("paddlepaddle==3.3.1", "setuptools<81"),
    "scikit-learn": ("scikit-learn==1.9.1", "numpy==2.4.6"),
    "onnxruntime": ("onnxruntime==1.32.0", "numpy==2.4.6", "pillow==13.0.0"),
    "fastapi": (
        *("fastapi==0.165.0", "uvicorn==0.54.0", "httptools==0.9.0", "uvloop==0.23.0"),
        *("onnxruntime==1.32.0", "numpy==2.4.6", "pillow==13.0.0"),
    ),
    "litserve": ("litserve==0.2.19", "onnxruntime==1.32.0", "numpy==2.4.6", "pillow==13.0.0"),
    "openvino": ("openvino==2026.4.1", "numpy==2.4.6", "pillow==13.0.0"),
}
_SECONDS = 900  # after which an installation is given up


@dataclass(frozen=True)
class Environment:
    """A peer's Python, or why it is missing."""

    name: str
    python: Path | None
    missing: str = ""


def cache_folder() -> Path:
    """Where environments are kept: $INKDIGITS_BENCH, or under the user's cache."""
    given = os.environ.get("INKDIGITS_BENCH")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "inkdigits-bench"


def environment(name: str) -> Environment:
    """The environment of that name, made if it is not there as required."""
    cache_folder().mkdir(parents=True, exist_ok=True)
    with FileLock(cache_folder() / f"{name}.lock"):
        return _environment(name)


def _environment(name: str) -> Environment:
    folder = cache_folder() / name
    python = folder / "bin" / "python"
    note, wanted = folder / "requirements.txt", "\n".join(REQUIREMENTS[name]) + "\n"
    if python.exists() and note.exists() and note.read_text() == wanted:
        return Environment(name, python)
    print(f"installing {name}: {', '.join(REQUIREMENTS[name])}", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    try:
        _run([sys.executable, "-m", "venv", "--without-pip", str(folder)])
        _install(python, REQUIREMENTS[name])
    except (OSError, subprocess.SubprocessError) as error:
        return Environment(name, None, reason(error))
    note.write_text(wanted)
    return Environment(name, python)


def reason(error: Exception) -> str:
    """Why a command failed, in one line: the last one that it printed that says something."""
    if isinstance(error, subprocess.TimeoutExpired):
        return f"gave up after {error.timeout:.0f} s"
    output = (getattr(error, "stderr", None) or "") + (getattr(error, "output", None) or "")
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return (lines[-1] if lines else str(error))[:200]


def _install(python: Path, requirements: tuple[str, ...]) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    command = [*pip, "install", "--quiet"]
    torch = [name for name in requirements if name.startswith("torch==")]
    if torch and sys.platform == "linux":
        # The plain torch brings gigabytes for NVIDIA's GPUs; this is the one for processors.
        build = f"{torch[0]}+cpu"
        requirements = (build, *(name for name in requirements if name not in torch))
        try:
            _run([*command, *requirements])
        except subprocess.CalledProcessError:
            index = "https://download.pytorch.org/whl/cpu"
            _run([*command, *requirements, "--extra-index-url", index])
        return
    _run([*command, *requirements])


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=_SECONDS)
