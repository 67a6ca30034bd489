"""Which mirrors can be reached at all: asked of all at once, so that a firewall costs seconds.

A name that can't be resolved or a refused connection answers at once; a firewall that drops
packets doesn't answer at all, and resolving a name can't be interrupted. So each mirror is tried in
a thread of its own, and those that are silent when time is up are left behind.
"""

import queue
import socket
import threading
import time
from collections.abc import Sequence
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

_GRACE = 0.5  # seconds that the others still have once one mirror has answered


def reachable(mirrors: Sequence[str], timeout: float) -> tuple[list[str], list[str]]:
    """Sort out the mirrors that accept a connection.

    Args:
        mirrors: addresses (http or https).
        timeout: seconds until all that are silent count as out of reach.

    Returns:
        The mirrors to try, best first (in the order given, but those that were silent while others
        answered come last), and the reasons of the rest, such as "example.org: connection refused".
    """
    answers: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()

    def ask(mirror: str) -> None:
        answers.put((mirror, _failure(mirror, timeout)))

    for mirror in mirrors:
        threading.Thread(target=ask, args=(mirror,), daemon=True).start()
    heard: dict[str, str] = {}
    deadline = time.monotonic() + timeout
    while len(heard) < len(set(mirrors)):
        try:
            mirror, failure = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        heard[mirror] = failure
        if not failure:
            deadline = min(deadline, time.monotonic() + _GRACE)
    good = [mirror for mirror in mirrors if heard.get(mirror) == ""]
    silent = [mirror for mirror in mirrors if mirror not in heard]
    reasons = [f"{host_of(mirror)}: {heard[mirror]}" for mirror in mirrors if heard.get(mirror)]
    if good:
        return good + silent, reasons
    return [], reasons + [f"{host_of(mirror)}: no answer in {timeout:g} s" for mirror in silent]


def host_of(address: str) -> str:
    """The name of the address's host, which is what people know a mirror by."""
    return urlsplit(address).hostname or address


def _failure(mirror: str, timeout: float) -> str:
    """Why no connection to the mirror, or to the proxy before it, can be made; empty if it can."""
    try:
        socket.create_connection(_door(mirror), timeout).close()
    except socket.gaierror:
        return "name can't be resolved"
    except TimeoutError:
        return f"no answer in {timeout:g} s"
    except (OSError, ValueError) as error:
        return (getattr(error, "strerror", None) or str(error)).lower()
    return ""


def _door(mirror: str) -> tuple[str, int]:
    """Host and port that a request to this mirror connects to first."""
    parts = urlsplit(mirror)
    proxy = getproxies().get(parts.scheme)
    if proxy and not proxy_bypass(parts.hostname or ""):
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
