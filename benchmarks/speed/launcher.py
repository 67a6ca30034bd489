"""Runs a command and tells what it took: `launcher.py REPORT COMMAND...`, REPORT a descriptor.

Linux counts the memory of whoever starts a command as the command's own. The benchmark has
libraries and data in memory; this small process, which loads nothing, stands in between.
"""

import os
import sys
import time

if __name__ == "__main__":
    report, command = int(sys.argv[1]), sys.argv[2:]
    os.set_inheritable(report, False)
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - start
    processor = usage.ru_utime + usage.ru_stime
    os.write(report, f"{wall} {processor} {usage.ru_maxrss * 1024 / 1e6} {status}".encode())
