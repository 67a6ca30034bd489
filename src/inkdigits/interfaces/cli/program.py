"""The program `inkdigits`: the command line with what only a process of its own may do.

It settles how the libraries that come later use the processor, and it leaves without taking apart
what the operating system takes back anyway, which is a sixth of the time of reading one digit.
"""

import atexit
import gc
import os
import sys
import threading
from typing import NoReturn

from inkdigits.interfaces.cli.main import main
from inkdigits.processors import keep_freed_memory

# Imports make tens of thousands of objects that stay; looking for garbage among them every 700
# (Python's own number) finds none.
_OBJECTS_PER_LOOK = 50_000
# These compute with NumPy's products, on all processors; for the others its library would start
# threads that only wait, and it waits by spinning.
_USE_PRODUCTS = ("compare",)
# These train.
_TRAIN = ("train", "compare")


def start() -> NoReturn:
    """Run the command line as a process."""
    gc.set_threshold(_OBJECTS_PER_LOOK)
    name = "".join(sys.argv[1:2])
    if name not in _USE_PRODUCTS:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if name in _TRAIN:
        keep_freed_memory()
    try:
        main()
    except SystemExit as leaving:
        _leave(leaving.code if isinstance(leaving.code, int) else int(bool(leaving.code)))


def _leave(code: int) -> NoReturn:
    """End as Python does (threads are waited for, then what is registered runs), at once."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:  # whoever read our output has gone: no error
            pass
        except OSError as error:
            os.write(2, f"inkdigits: can't write the output: {error.strerror}\n".encode())
            code = code or 1
    os._exit(code)
