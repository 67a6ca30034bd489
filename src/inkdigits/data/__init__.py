"""Data: digits in memory, where they come from, and readers for more than memory holds."""

from inkdigits.data.digits import Digits

__all__ = ["Digits"]
