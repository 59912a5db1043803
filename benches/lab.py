"""One throw-away host from the tests' own lab."""

import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path

from hosts import Host
from measure import run, say

LAB = Path(__file__).parent.parent / "tests/lab/lab.py"


@contextlib.contextmanager
def host():
    """A fresh host for as long as the block runs; the lab ends with it, or with this process."""
    folder = Path(tempfile.mkdtemp(prefix="aether-bench-")) / "lab"
    say("starting a throw-away host")
    run([sys.executable, LAB, folder, "start", str(os.getpid())])
    try:
        one = json.loads(run([sys.executable, LAB, folder, "add", "1"]).output)
        process = (folder / "hosts" / one["name"] / "init").read_text()
        yield Host(one["address"], 22, folder / "key", process)
    finally:
        run([sys.executable, LAB, folder, "stop"])
