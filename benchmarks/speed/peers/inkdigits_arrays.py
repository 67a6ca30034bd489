"""Arrays of bytes classified by inkdigits. Arguments: model, images."""

import sys

from arrays import measure, pixels

from inkdigits import Recognizer

measure(Recognizer.load(sys.argv[1]).classify, pixels(int(sys.argv[2])), batches=None)
