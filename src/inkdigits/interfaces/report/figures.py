"""How figures are written for people: the same on the terminal and in the report."""

MISSING = "\N{EN DASH}"


def percent(fraction: float | None) -> str:
    """A fraction as "99.20 %"."""
    return MISSING if fraction is None else f"{fraction * 100:.2f}\N{NO-BREAK SPACE}%"


def interval(ends: tuple[float, float]) -> str:
    """Two fractions as "99.00-99.36 %", with an en dash."""
    return f"{ends[0] * 100:.2f}\N{EN DASH}{ends[1] * 100:.2f}\N{NO-BREAK SPACE}%"


def cost(value: float | None) -> str:
    """A cost with four decimals."""
    return MISSING if value is None else f"{value:.4f}"


def count(value: int | None) -> str:
    """A whole number as "33,620"."""
    return MISSING if value is None else f"{value:,}"


def seconds(value: float) -> str:
    """Seconds as "4.2", or "138" where tenths say nothing."""
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def file_size(size: int | None) -> str:
    """Bytes as "32.1 kB"; a kilobyte has 1,000."""
    if size is None:
        return MISSING
    if size < 999_500:
        return f"{size / 1000:.1f}\N{NO-BREAK SPACE}kB"
    return f"{size / 1_000_000:.1f}\N{NO-BREAK SPACE}MB"
