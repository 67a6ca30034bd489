"""Report: classifiers beside each other, as plain values and as one self-contained HTML page."""

from inkdigits.interfaces.report.comparison import Comparison, Entry
from inkdigits.interfaces.report.page import report_html
from inkdigits.interfaces.report.terminal import print_comparison

__all__ = ["Comparison", "Entry", "print_comparison", "report_html"]
