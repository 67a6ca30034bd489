"""How many GFLOP/s the products of large float32 matrices reach, in NumPy or torch (argument)."""

import json
import sys
import time

import numpy as np

SIZE = 2048
matrix = np.random.default_rng(0).random((SIZE, SIZE), np.float32)
if sys.argv[1] == "torch":
    import torch

    matrix = torch.from_numpy(matrix)
matrix @ matrix
times = []
for _ in range(20):
    start = time.perf_counter()
    matrix @ matrix
    times.append(time.perf_counter() - start)
print(json.dumps({"gflop_a_second": 2 * SIZE**3 / min(times) / 1e9}))
