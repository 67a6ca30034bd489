"""`inkdigits serve`: the HTTP service and its web page."""

import sys
from typing import TYPE_CHECKING

import click

from inkdigits.errors import UsageError
from inkdigits.interfaces.cli.common import note, print_json, require_serving
from inkdigits.interfaces.cli.options import json_option

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from inkdigits.interfaces.http.settings import Settings

_MOST_WORKERS = 2  # where nobody says how many


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port to listen at; 0: any that is free.",
)
@click.option("--open", "open_page", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="[NAME=]FILE",
    help="A model file to serve besides the bundled ones, or the name of a bundled one; the first "
    "is used where a request names none.  [default: best]",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help=f"Processes that serve.  [default: {_MOST_WORKERS}, or 1 where there is 1 processor]",
)
@click.option(
    "--token",
    envvar="INKDIGITS_TOKEN",
    show_envvar=True,
    help="What clients must send as 'Authorization: Bearer TOKEN'. Others see the command line; "
    "the environment is safer.",
)
@click.option(
    "--allow-origin",
    "allow_origins",
    multiple=True,
    metavar="ORIGIN",
    help="Let web pages of this origin use the service (https://example.org, or *).",
)
@click.option(
    "--allow-host",
    "allow_hosts",
    multiple=True,
    metavar="NAME",
    help="Answer to this name too. [default: the names of this machine, if --host is one]",
)
@click.option(
    "--max-requests",
    type=click.IntRange(1),
    default=64,
    show_default=True,
    help="Requests that a worker works on at once; those beyond get 503.",
)
@click.option(
    "--body-seconds",
    type=click.FloatRange(0, min_open=True),
    default=10,
    show_default=True,
    help="How long a request may take to arrive.",
)
@click.option("--no-access-log", is_flag=True, help="Don't log each request.")
@json_option
def command(
    host: str,
    port: int,
    open_page: bool,
    models: tuple[str, ...],
    workers: int | None,
    token: str | None,
    allow_origins: tuple[str, ...],
    allow_hosts: tuple[str, ...],
    max_requests: int,
    body_seconds: float,
    no_access_log: bool,
    as_json: bool,
) -> None:
    """Serve pictures and arrays over HTTP, with a web page to draw on.

    Its log is JSON Lines on standard error. SIGTERM and Ctrl-C let running requests finish.
    """
    require_serving()
    from inkdigits.interfaces.http.listening import is_loopback, listen, url_of
    from inkdigits.interfaces.http.logs import log
    from inkdigits.interfaces.http.settings import Settings
    from inkdigits.processors import usable_processors

    if is_loopback(host):
        allow_hosts = ("localhost", "127.0.0.1", "[::1]", *allow_hosts)
    settings = Settings(
        models=models,
        token=token or "",
        allow_origins=allow_origins,
        allow_hosts=allow_hosts,
        max_requests=max_requests,
        body_seconds=body_seconds,
        access_log=not no_access_log,
    )
    count = workers or min(_MOST_WORKERS, usable_processors())
    listeners = listen(host, port, count)
    url = url_of(listeners[0], host)

    def on_ready() -> None:
        log("ready", url=url, workers=count)
        if as_json:
            print_json({"url": url, "workers": count})
        elif sys.stderr.isatty():
            note(f"serving at {url} (Ctrl-C stops)")
        if open_page:
            click.launch(url)

    _serve(settings, listeners, on_ready)


def _serve(
    settings: "Settings", listeners: "list[socket.socket]", on_ready: "Callable[[], None]"
) -> None:
    if len(listeners) == 1:
        from inkdigits.interfaces.http.worker import serve

        serve(settings, listeners[0], on_ready)
        return
    if sys.platform == "win32":
        raise UsageError("Windows can't share a port between processes; use --workers 1")
    from inkdigits.interfaces.http.supervisor import supervise

    supervise(settings, listeners, on_ready)
