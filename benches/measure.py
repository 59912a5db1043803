"""One run of a program, measured by the kernel: wall and CPU time, and the largest resident set.

The kernel counts the resident set of a child from its fork on, so this interpreter's own (about 15 MiB) is the smallest
figure that can show; `mib` says `under` where it hides the program's.
"""

import os
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

# No single run takes longer; a benchmark that hangs says where. Building everything anew takes its time.
LIMIT_S = 180
BUILD_LIMIT_S = 3600


def say(text):
    """Progress, beside the tables."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


@dataclass
class Run:
    """What one run cost."""

    wall_s: float
    cpu_s: float
    rss_mib: float
    output: str


def run(argv, *, cwd=None, env=None, stdin=None, may_fail=False, limit_s=LIMIT_S):
    """Runs to the end. A status other than 0 ends the benchmark, for then there is nothing to compare."""
    began = time.perf_counter()
    child = subprocess.Popen(
        argv, cwd=cwd, env=env, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    limit = threading.Timer(limit_s, child.kill)
    limit.start()
    output = child.stdout.read().decode(errors="replace")
    _, status, usage = os.wait4(child.pid, 0)
    is_over = limit.finished.is_set()
    limit.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if is_over:
        sys.exit(f"bench: {' '.join(map(str, argv))}: not done after {limit_s} s\n{output[-3000:]}")
    if child.returncode and not may_fail:
        sys.exit(f"bench: {' '.join(map(str, argv))}: status {child.returncode}\n{output[-3000:]}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def median(runs):
    """The middle of every figure; the resident set is the largest seen."""
    return Run(
        statistics.median(r.wall_s for r in runs),
        statistics.median(r.cpu_s for r in runs),
        max(r.rss_mib for r in runs),
        runs[-1].output,
    )


def mib(size):
    """A resident set, honest about what cannot be seen."""
    floor = run(["true"]).rss_mib
    return f"{size:.0f}" if size > floor + 1 else f"under {floor:.0f}"


def table(head, rows):
    """Markdown."""
    print("\n| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
