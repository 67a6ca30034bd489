"""Inference: a model file is loaded and reads digits, without any training code."""

from inkdigits.inference.bundled import bundled_names
from inkdigits.inference.recognizer import Recognizer

__all__ = ["Recognizer", "bundled_names"]
