"""`python -m inkdigits` is the command `inkdigits`."""

from inkdigits.interfaces.cli.program import start

if __name__ == "__main__":
    start()
