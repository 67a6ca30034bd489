"""Load on the HTTP service, from a process of its own: `python -m benchmarks.serve`."""
