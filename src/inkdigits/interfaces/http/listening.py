"""Opens the sockets that workers listen on, one for each, all at the same address.

On Linux the kernel spreads connections evenly over sockets that share an address (SO_REUSEPORT).
Elsewhere the workers share one socket.
"""

import errno
import socket
import sys

from inkdigits.errors import UsageError

_BACKLOG = 2048
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def listen(host: str, port: int, workers: int) -> list[socket.socket]:
    """Sockets that listen at an address; port 0: at any port that is free.

    Raises:
        UsageError: the port is taken or not allowed, or there is no such address.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # Without sharing first: the bind fails where any other service listens.
        alone = _bound(family, address, shared=False)
        if workers == 1 or sys.platform != "linux":
            sockets = [alone] * workers
        else:
            address = alone.getsockname()
            alone.close()
            sockets = [_bound(family, address, shared=True) for _ in range(workers)]
        for listener in sockets:
            listener.listen(_BACKLOG)
    except socket.gaierror as error:
        raise UsageError(f"there is no address '{host}'; give one of this machine") from error
    except OverflowError as error:
        raise UsageError(f"there is no port {port}; give one from 1 to 65535") from error
    except OSError as error:
        raise UsageError(_why(error, host, port)) from error
    return sockets


def url_of(listener: socket.socket, host: str) -> str:
    """How a browser on this machine calls the service."""
    port = listener.getsockname()[1]
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, host)  # noqa: S104
    return f"http://{f'[{name}]' if ':' in name and name[0] != '[' else name}:{port}"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that address."""
    return host in _LOOPBACK or host.startswith("127.")


def _bound(family: int, address: object, *, shared: bool) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there it would let two services take the same port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(address)  # type: ignore[arg-type]
    except BaseException:
        listener.close()
        raise
    listener.set_inheritable(True)
    return listener


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is in use; stop what uses it or give another --port"
    if error.errno == errno.EACCES:
        return f"port {port} is not allowed for you; give one above 1023 with --port"
    return f"can't listen at {host}:{port}: {error.strerror or error}; give another --host"
