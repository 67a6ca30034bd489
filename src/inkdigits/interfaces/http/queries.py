"""Query parameters, each checked: one that is unknown or makes no sense is said to be so."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar
from urllib.parse import parse_qsl

from starlette.requests import Request

from inkdigits.interfaces.http.problems import Problem

Value = TypeVar("Value")

_SHORT = 100  # bytes of a query


def _pairs(query: bytes) -> tuple[tuple[str, str], ...]:
    """Names and values; most requests have the same few queries, which are parsed once."""
    return _parsed(query) if len(query) <= _SHORT else _parsed.__wrapped__(query)


@lru_cache(maxsize=256)
def _parsed(query: bytes) -> tuple[tuple[str, str], ...]:
    return tuple(parse_qsl(query.decode("latin-1"), keep_blank_values=True))


class Query:
    """The query parameters of a request; names that are not `known` are refused.

    Raises:
        Problem: 400, here and in each method.
    """

    def __init__(self, request: Request, *known: str) -> None:
        self._values: dict[str, str] = {}
        for name, value in _pairs(request.scope["query_string"]):
            if name not in known:
                raise Problem(
                    400, f"there is no parameter '{name[:40]}'; there are {', '.join(known)}"
                )
            if name in self._values:
                raise Problem(400, f"the parameter '{name}' is given twice; give it once")
            self._values[name] = value

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str) -> str:
        """A parameter as it is."""
        return self._values.get(name, default)

    def flag(self, name: str) -> bool:
        """1 or true; 0, false or absent."""
        return self._value(
            name, {"1": True, "true": True, "0": False, "false": False}.__getitem__, False, "0 or 1"
        )

    def share(self, name: str) -> float | None:
        """A number from 0 to 1."""

        def parse(text: str) -> float:
            number = float(text)
            if not 0 <= number <= 1:
                raise ValueError
            return number

        return self._value(name, parse, None, "a number from 0 to 1")

    def count(self, name: str, most: int) -> int | None:
        """A whole number from 1 to `most`."""

        def parse(text: str) -> int:
            if not (text.isascii() and text.isdecimal() and len(text) < 10):
                raise ValueError
            number = int(text)
            if not 1 <= number <= most:
                raise ValueError
            return number

        return self._value(name, parse, None, f"a whole number from 1 to {most:,}")

    def _value(self, name: str, parse: Callable[[str], Value], default: Value, what: str) -> Value:
        text = self._values.get(name)
        if text is None:
            return default
        try:
            return parse(text)
        except (ValueError, KeyError) as error:
            raise Problem(400, f"{name} must be {what}, not '{text[:40]}'") from error
