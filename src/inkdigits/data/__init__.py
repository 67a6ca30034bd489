"""Data: digits in memory, where they come from, and readers for more than memory holds."""

from inkdigits.data.contact_sheet import contact_sheet
from inkdigits.data.digits import Digits
from inkdigits.data.idx import parse_idx, read_idx, write_idx
from inkdigits.data.idx_records import open_records
from inkdigits.data.mnist import Mnist, cache_folder, mnist
from inkdigits.data.readers import Reader, stream, stream_idx
from inkdigits.data.split import default_validation, split_validation

__all__ = [
    "Digits",
    "Mnist",
    "Reader",
    "cache_folder",
    "contact_sheet",
    "default_validation",
    "mnist",
    "open_records",
    "parse_idx",
    "read_idx",
    "split_validation",
    "stream",
    "stream_idx",
    "write_idx",
]
