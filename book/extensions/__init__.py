"""What the book adds to Sphinx: equations as MathML, and blocks that are run while it is built."""
