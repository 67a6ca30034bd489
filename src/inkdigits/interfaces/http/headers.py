"""Headers that every answer carries: the page may load and be loaded by nothing outside itself."""

from starlette.datastructures import Headers

from inkdigits.interfaces.http.settings import Settings

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY: list[tuple[bytes, bytes]] = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), microphone=(), geolocation=()"),
]
_SAME_ORIGIN = (b"cross-origin-resource-policy", b"same-origin")
_CROSS_ORIGIN = (b"cross-origin-resource-policy", b"cross-origin")


class Origins:
    """Which other web pages may use the service: none, unless their origins are allowed."""

    def __init__(self, settings: Settings) -> None:
        self._allowed = set(settings.allow_origins)
        self._all = "*" in self._allowed
        self._token = bool(settings.token)

    def is_foreign(self, headers: Headers) -> bool:
        """Whether a request comes from a page of another origin that is not allowed.

        The scheme is not compared: a proxy in front may speak https for us.
        """
        origin = headers.get("origin")
        if origin is None or self._all or origin in self._allowed:
            return False
        return origin.partition("://")[2] != headers.get("host", "")

    def answer_headers(self, headers: Headers) -> list[tuple[bytes, bytes]]:
        """What the answer says of other origins."""
        if not self._allowed:
            return [_SAME_ORIGIN]
        origin = headers.get("origin", "")
        vary = (b"vary", b"origin")
        if not (self._all or origin in self._allowed) or not origin:
            return [_SAME_ORIGIN, vary]
        allowed = b"*" if self._all else origin.encode("latin-1")
        return [_CROSS_ORIGIN, (b"access-control-allow-origin", allowed), vary]

    def preflight_headers(self, headers: Headers) -> list[tuple[bytes, bytes]]:
        """What a page may send, in answer to a browser that asks first (OPTIONS)."""
        return [
            *self.answer_headers(headers),
            (b"access-control-allow-methods", b"GET, POST, PUT, DELETE"),
            (b"access-control-allow-headers", b"authorization, content-type, x-request-id"),
            (b"access-control-max-age", b"600"),
        ]
