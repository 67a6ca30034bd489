"""How many requests are worked on at once; those beyond are refused at once, not queued."""

from types import TracebackType

from inkdigits.interfaces.http.problems import Problem


class Room:
    """Counts the requests that are worked on: `with room:` around the work.

    Attributes:
        taken: how many there are now.
        refused: how many were turned away since the start.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self.taken = 0
        self.refused = 0

    def check(self) -> None:
        """Raise a problem (503, with `Retry-After`) if there is no room."""
        if self.taken >= self._places:
            self.refused += 1
            raise Problem(
                503,
                f"{self._places} requests are being worked on already; try again in a second",
                {"retry-after": "1"},
            )

    def __enter__(self) -> None:
        self.check()
        self.taken += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.taken -= 1
