#!/usr/bin/env python3
"""Throw-away SSH hosts for the tests: each is a network, mount and process namespace with its own Debian and sshd.

    lab.py FOLDER start [OWNER-PID]     prepare the network and the base system; ends by itself with its owner
    lab.py FOLDER add COUNT             start hosts; prints one JSON object per line
    lab.py FOLDER wait HOST             return when its sshd speaks
    lab.py FOLDER rekey HOST            give the host new SSH host keys
    lab.py FOLDER stop                  end all hosts and remove every trace

What may happen to a host:

    lab.py FOLDER silence HOST          every packet to and from it vanishes for good, as when the power is cut
    lab.py FOLDER crash HOST            all its processes end, its connections are closed; it stays off
    lab.py FOLDER restart HOST          the same, and it boots again: another boot id, /tmp and /run empty, files kept
    lab.py FOLDER hide HOST             it is reached from other hosts only, as behind a jump host
    lab.py FOLDER seclude HOST OTHER    each has a route to the other and none to anything else; prints OTHER's namespace
    lab.py FOLDER cut HOST              all its connections are reset; new ones can be made
    lab.py FOLDER hang HOST             every packet to and from it vanishes ...
    lab.py FOLDER resume HOST           ... until now; connections may go on
    lab.py FOLDER latency HOST MS       so long is its round trip from now on
    lab.py FOLDER small HOST PATH       this folder gets a disk of 1 MiB (until it restarts) ...
    lab.py FOLDER fill HOST PATH        ... which is full ...
    lab.py FOLDER free HOST PATH        ... and has room again

Inside a host `reboot`, `poweroff` and `shutdown -r now` work. It has no systemd. Needs root, and the Debian packages
iproute2, nftables, mmdebstrap, openssh-client and util-linux. The base system is made once (half a minute) and kept in
~/.cache/aether/lab. Hosts reach name servers and web ports outside, nothing else. Users of a host: root, admin (sudo
without a password), locked (sudo with base.PASSWORD). The lab's key opens all three.
"""

import contextlib
import hashlib
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True

from base import base_system
from host import Host
from network import free_network, give_back, take
from shell import locked, run, start

LOCK = "/run/aether-lab.lock"


def need_tools():
    """Says at once what is missing."""
    if os.geteuid():
        sys.exit("lab: throw-away hosts need root")
    tools = {"ip": "iproute2", "nft": "nftables", "mmdebstrap": "mmdebstrap", "ssh-keygen": "openssh-client"}
    missing = sorted({package for tool, package in tools.items() if not shutil.which(tool)})
    if missing:
        sys.exit(f"lab: install first: apt-get install -y {' '.join(missing)}")


class Lab:
    """A lab and its folder. Every name of a device or namespace carries the lab's tag."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.tag = "lab" + hashlib.sha256(str(self.folder).encode()).hexdigest()[:5]
        self.state = self.folder / "lab.json"

    def read(self):
        if not self.state.exists():
            sys.exit(f"lab: no lab at {self.folder}; run `start` first")
        return json.loads(self.state.read_text(encoding="utf-8"))

    def start(self, owner=None):
        need_tools()
        base = base_system()
        self.folder.mkdir(parents=True)
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", str(self.folder / "key"))
        # Seconds of work, so all hosts have the same RSA key; what tells them apart is the other one.
        run("ssh-keygen", "-q", "-t", "rsa", "-N", "", "-C", "", "-f", str(self.folder / "ssh_host_rsa_key"))
        with locked(LOCK):
            network = free_network()
            take(self.tag, network)
        state = {"network": network, "base": str(base), "hosts": 0}
        self.state.write_text(json.dumps(state), encoding="utf-8")
        if owner:
            # A process of its own that ends the lab when its owner ends, however that happens.
            start([sys.executable, __file__, str(self.folder), "keep", owner], subprocess.DEVNULL)

    def keep(self, owner):
        with contextlib.suppress(ProcessLookupError):
            select.select([os.pidfd_open(int(owner))], [], [])
        self.stop()

    def stop(self):
        if not self.state.exists():
            return
        with locked(LOCK):
            for folder in sorted(self.folder.glob("hosts/*")):
                Host(self, folder.name).end()
            give_back(self.tag, self.read()["network"])
        shutil.rmtree(self.folder, ignore_errors=True)

    def add(self, count):
        with locked(self.folder / "lock"):
            state = self.read()
            first, last = state["hosts"] + 1, state["hosts"] + int(count)
            if last > 250:
                sys.exit("lab: one lab has room for 250 hosts")
            state["hosts"] = last
            self.state.write_text(json.dumps(state), encoding="utf-8")
        hosts = [Host(self, f"h{number}") for number in range(first, last + 1)]
        made = [host.make() for host in hosts]
        for host, told in zip(hosts, made):
            host.wait()
            print(json.dumps(told))

    def rekey(self, name):
        print(json.dumps({"keys": Host(self, name).rekey()}))


OF_THE_LAB = ("start", "add", "rekey", "keep", "stop")
OF_A_HOST = (
    "wait", "silence", "crash", "restart", "hide", "cut", "hang", "resume", "latency", "small", "fill", "free",
    "seclude",
)


def main(arguments):
    if len(arguments) < 2 or arguments[1] not in OF_THE_LAB + OF_A_HOST:
        sys.exit(__doc__)
    folder, verb, *rest = arguments
    lab = Lab(folder)
    if verb in OF_THE_LAB:
        getattr(lab, verb)(*rest)
    else:
        name, *rest = rest
        getattr(Host(lab, name), verb)(*rest)


if __name__ == "__main__":
    main(sys.argv[1:])
