"""On what, and with which code, something was measured."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from inkdigits.processors import usable_processors

_OURS = ("numpy", "onnxruntime", "opencv-python-headless", "torch", "click", "pillow")


def description() -> dict[str, Any]:
    """Machine, versions, commit, time and how busy the machine is, for a results file."""
    return {
        "machine": f"{processor()}, {usable_processors()} processors, {instructions()}",
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in _OURS},
        "commit": commit(),
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "load": [round(load, 2) for load in os.getloadavg()],
    }


def processor() -> str:
    """The processor's name."""
    return _cpu_info("model name") or platform.machine()


def instructions() -> str:
    """The widest vector instructions that matter here."""
    flags = set((_cpu_info("flags") or "").split())
    known = ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16")
    return " ".join(name for name in known if name in flags) or "no AVX2"


def _cpu_info(field: str) -> str | None:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return None
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(field)), None)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def commit() -> str:
    """The commit, with + where tracked files differ from it."""
    try:
        commit = _git("rev-parse", "--short=12", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no", "--", "src", "benchmarks")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    changed = "\n".join(line for line in changed.splitlines() if "benchmarks/results" not in line)
    return commit + ("+" if changed else "")


def _git(*arguments: str) -> str:
    root = Path(__file__).parents[2]
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
