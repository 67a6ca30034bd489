"""`python -m inkdigits` is the command `inkdigits`."""

from inkdigits.interfaces.cli.main import main

if __name__ == "__main__":
    main()
