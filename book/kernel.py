"""The kernel that runs the notebooks: this very Python, whatever Jupyter kernels a machine has."""

import atexit
import json
import shutil
import sys
import tempfile
from pathlib import Path

_ONE_MESSAGE = "import sys; sys.stdout.flush_interval = sys.stderr.flush_interval = 3600; del sys"


def jupyter_path() -> str:
    """A folder for JUPYTER_PATH whose kernel `python3` is the Python that builds the book.

    The kernel keeps its own log to itself: it would warn of connections over TCP, which here never
    leave the machine. What a cell prints is sent when it is done, not every 0.2 s: MyST-NB ends
    a line where one message ends, even if the printed line goes on in the next.
    """
    folder = Path(tempfile.mkdtemp(prefix="inkdigits-kernel-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    kernel = folder / "kernels" / "python3"
    kernel.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    description = {
        "argv": [*command, "--log-level=ERROR", f"--IPKernelApp.exec_lines={_ONE_MESSAGE}"],
        "display_name": "Python 3",
        "language": "python",
    }
    (kernel / "kernel.json").write_text(json.dumps(description))
    return str(folder)
