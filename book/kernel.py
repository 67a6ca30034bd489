"""The kernel that runs the notebooks: this very Python, whatever Jupyter kernels a machine has."""

import atexit
import json
import shutil
import sys
import tempfile
from pathlib import Path


def jupyter_path() -> str:
    """A folder for JUPYTER_PATH whose kernel `python3` is the Python that builds the book.

    The kernel keeps its own log to itself: it would warn of connections over TCP, which here never
    leave the machine.
    """
    folder = Path(tempfile.mkdtemp(prefix="inkdigits-kernel-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    kernel = folder / "kernels" / "python3"
    kernel.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    description = {
        "argv": [*command, "--log-level=ERROR"],
        "display_name": "Python 3",
        "language": "python",
    }
    (kernel / "kernel.json").write_text(json.dumps(description))
    return str(folder)
