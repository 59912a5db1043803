"""Small words of the lab: run a program, one at a time, wait for a process, end one."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time


def run(*command, text_in=None, check=True):
    """Runs a program to its end; its output, or an error that says what it said."""
    done = subprocess.run(command, input=text_in, capture_output=True, text=True, check=False)
    if check and done.returncode:
        sys.exit(f"lab: `{' '.join(command)}` failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def start(command, log, **more):
    """Starts a program that goes on without us."""
    null = subprocess.DEVNULL
    options = {"stdin": null, "stdout": log, "stderr": log, "start_new_session": True, "cwd": "/"}
    return subprocess.Popen(command, **{**options, **more})


@contextlib.contextmanager
def locked(path):
    """One at a time."""
    with open(path, "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def until(condition, complaint):
    """Waits a minute for a condition; its first true value."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    sys.exit(f"lab: {complaint()}")


def noted(note):
    """The process noted in a file."""
    return int(note.read_text(encoding="utf-8"))


def kill(note):
    """Ends the process noted in a file."""
    with contextlib.suppress(OSError, ValueError):
        pid = noted(note)
        # Numbers come round again: a process younger than the note is somebody else.
        if age_of(pid) + 1 >= time.time() - note.stat().st_mtime:
            os.kill(pid, signal.SIGKILL)
    note.unlink(missing_ok=True)


def age_of(pid):
    """Seconds since a process began."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stat, open("/proc/uptime", encoding="utf-8") as uptime:
        ticks = int(stat.read().rpartition(")")[2].split()[19])
        return float(uptime.read().split()[0]) - ticks / os.sysconf("SC_CLK_TCK")
