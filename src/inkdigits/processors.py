"""What this process may use of the machine: processors, and memory that it keeps."""

import os

# Options of glibc's mallopt (malloc.h): what is larger is mapped and unmapped each time; so much
# free memory at the end is kept; so much more is asked for than is needed.
_MMAP_THRESHOLD, _TRIM_THRESHOLD, _TOP_PAD = -3, -1, -2
_LARGEST_KEPT, _KEPT, _AHEAD = 1 << 30, (1 << 31) - 1, 64 << 20


def usable_processors() -> int:
    """Processors that this process is allowed to run on, at least 1."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def floats_in_a_vector() -> int:
    """How many channels ONNX Runtime's convolutions here take at a time; 1 if that is not known."""
    import platform

    if platform.machine().lower() not in ("x86_64", "amd64"):
        return 1
    try:
        with open("/proc/cpuinfo") as file:  # noqa: PTH123
            flags = next((line for line in file if line.startswith("flags")), "")
    except OSError:  # not on Linux
        return 8
    return 16 if " avx512f " in flags else 8


def keep_freed_memory() -> None:
    """Have the C library keep what is freed, for a process that needs it again at once.

    Each step of training makes and drops the same large arrays. By default glibc gives them back to
    the system, which clears every page anew: a fifth of the time of the CNN. It is for the whole
    process and can't be undone, so that only programs of our own do it. Elsewhere than on glibc
    nothing happens.
    """
    if os.name != "posix" or not hasattr(os, "confstr_names"):
        return
    if "CS_GNU_LIBC_VERSION" not in os.confstr_names:
        return
    import ctypes

    library = ctypes.CDLL(None)
    for option, value in (
        (_MMAP_THRESHOLD, _LARGEST_KEPT),
        (_TRIM_THRESHOLD, _KEPT),
        (_TOP_PAD, _AHEAD),
    ):
        library.mallopt(option, value)
