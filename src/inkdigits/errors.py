"""The whole error tree: every error that this package raises on purpose is below.

Each message is one line that says what is wrong and what to do next. The command line prints it
and leaves with `exit_code`; the HTTP service turns it into a problem body.
"""


class InkdigitsError(Exception):
    """Any error that inkdigits raises on purpose."""

    exit_code = 1


class InputError(InkdigitsError):
    """What the user gave is at fault: a file, an option, an array."""

    exit_code = 2


class DataError(InputError):
    """A data set or IDX file is missing, damaged or of the wrong form."""


class PictureError(InputError):
    """A picture can't be opened or is not acceptable."""


class ModelFileError(InputError):
    """A model file is missing, damaged, or not one of ours."""


class UsageError(InputError):
    """An option or argument has a value that makes no sense."""


class MissingExtraError(InputError):
    """A library of an optional extra is needed and not installed."""


class DownloadError(InkdigitsError):
    """No mirror delivered the file."""


class TrainingError(InkdigitsError):
    """Training can't go on, for instance because the cost is no longer a number."""


class StorageError(InkdigitsError):
    """A file can't be written: full disk, no permission, folder gone."""


class Interrupted(InkdigitsError):
    """The user stopped the work; it can be resumed."""

    exit_code = 130
