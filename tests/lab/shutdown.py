#!/usr/bin/python3
"""`reboot`, `poweroff` and `shutdown -r|-h` inside a host: all its processes end a moment later, and it boots again or
stays off. There is no systemd in a host, so there is no `systemctl reboot` either."""

import ctypes
import os
import sys
import time

RESTART, POWER_OFF = 0x01234567, 0x4321FEDC

name = os.path.basename(sys.argv[0])
again = name == "reboot" or (name == "shutdown" and ("-r" in sys.argv or "--reboot" in sys.argv))
if os.geteuid():
    sys.exit(f"{name}: must be root")
os.sync()
# The caller hears that all is well before the machine goes down, as with systemd.
if not {"-f", "--force"} & set(sys.argv) and os.fork():
    sys.exit(0)
os.setsid()
time.sleep(0.3)
libc = ctypes.CDLL(None, use_errno=True)
if libc.reboot(RESTART if again else POWER_OFF):
    sys.exit(f"{name}: {os.strerror(ctypes.get_errno())}")
