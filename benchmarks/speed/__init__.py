"""Speed of inkdigits and of its peers, measured side by side: `python -m benchmarks.speed`."""
