"""A host that is already as it should be: Aether beside a bare `ssh` running the same program, and beside Ansible.

The three take turns, round by round, on one throw-away host, each with a home folder of its own and no connection left open.
"""

import os
import tempfile
import time
from pathlib import Path

from measure import median, run, say, table

TASKS = (10, 50)
ROUNDS = 5
# On a slow machine there are fewer rounds, three at least.
BUDGET_S = 90

# The login shell of the host while sessions are counted: one line per command that came in over SSH.
COUNTER = """#!/bin/sh
echo >> /var/tmp/bench-sessions
exec /bin/bash "$@"
"""

# The login shell while a program is copied: what comes in on standard input is kept, then run.
COPIER = """#!/bin/bash
t=$(mktemp /var/tmp/bench-program.XXXXXX)
cat > "$t"
exec /bin/bash "$@" < "$t"
"""


def playbook(tasks):
    """A play of that many tasks, over and over: folder, file, file, mode, guarded command."""
    lines = ["---", "- name: Bench", "  hosts: all", "  tasks:"]
    for n in range(tasks):
        folder = f"/srv/bench/{n // 5}"
        lines += {
            0: [f"    - name: Folder {n}", "      ansible.builtin.file:", f"        path: {folder}", "        state: directory"],
            1: [f"    - name: File {n}", "      ansible.builtin.copy:", f"        dest: {folder}/one", f'        content: "one {n}\\n"'],
            2: [f"    - name: File {n}", "      ansible.builtin.copy:", f"        dest: {folder}/two", f'        content: "two {n}\\n"'],
            3: [f"    - name: Mode {n}", "      ansible.builtin.file:", f"        path: {folder}/two", "        state: file"],
            4: [
                f"    - name: Command {n}",
                "      ansible.builtin.command:",
                f"        cmd: touch {folder}/done",
                f"        creates: {folder}/done",
            ],
        }[n % 5]
        if n % 5 != 4:
            lines.append('        mode: "%s"' % ("0755" if n % 5 == 0 else "0644"))
    return "\n".join(lines) + "\n"


class Host:
    """One lab host, reached as root."""

    def __init__(self, address, port, key, pid):
        self.address, self.port, self.key, self.pid = address, port, key, pid
        self.home = Path(tempfile.mkdtemp(prefix="aether-bench-home-"))

    def ssh(self, command, stdin=None):
        argv = ["ssh", "-q", "-F", "none", "-i", self.key, "-p", str(self.port), "-o", "StrictHostKeyChecking=accept-new"]
        argv += ["-o", f"UserKnownHostsFile={self.home}/known_hosts", f"root@{self.address}", command]
        return run(argv, stdin=stdin)

    def shell(self, script=None):
        """Gives root another login shell, or bash again. The change itself comes in through the old one."""
        if script is None:
            self.ssh("usermod -s /bin/bash root")
            return
        with tempfile.TemporaryFile() as text:
            text.write(script.encode())
            text.seek(0)
            self.ssh("cat > /usr/local/bin/bench-shell && chmod 755 /usr/local/bin/bench-shell", stdin=text)
        self.ssh("rm -f /var/tmp/bench-* && usermod -s /usr/local/bin/bench-shell root")

    def counters(self):
        """TCP connections taken and bytes on the wire so far, as the host's own network namespace counts them."""
        lines = [line.split() for line in Path(f"/proc/{self.pid}/net/snmp").read_text().splitlines() if line.startswith("Tcp:")]
        connections = int(dict(zip(lines[0], lines[1]))["PassiveOpens"])
        devices = Path(f"/proc/{self.pid}/net/dev").read_text().splitlines()[2:]
        fields = [line.split(":")[1].split() for line in devices if not line.strip().startswith("lo:")]
        return connections, sum(int(f[0]) + int(f[8]) for f in fields)


class Contest:
    """The three ways of asking one host the same thing."""

    def __init__(self, aether, host, tasks):
        self.aether, self.host = aether, host
        self.folder = Path(tempfile.mkdtemp(prefix="aether-bench-"))
        (self.folder / "playbooks").mkdir()
        (self.folder / "playbooks/site.yml").write_text(playbook(tasks))
        (self.folder / "aether.yaml").write_text(
            "aether: 1\nname: bench\nhosts:\n  lab:\n    provider: ssh\n    user: root\n"
            f'    addresses: ["{host.address}:{host.port}"]\n    identity_file: {host.key}\n    playbooks: [playbooks/site.yml]\n'
        )
        (self.folder / "inventory").write_text(
            f"{host.address} ansible_port={host.port} ansible_user=root ansible_ssh_private_key_file={host.key} "
            "ansible_python_interpreter=/usr/bin/python3\n"
        )
        self.env = {**os.environ, "HOME": str(host.home), "ANSIBLE_PIPELINING": "1", "ANSIBLE_HOME": str(host.home / "ansible")}
        self.env |= {"ANSIBLE_HOST_KEY_CHECKING": "0", "ANSIBLE_SSH_CONTROL_PATH_DIR": str(host.home / "cp")}

    def with_aether(self):
        return run([self.aether, "-C", self.folder, "apply", "--yes", "--accept-new-host-keys"], env=self.env)

    def with_ssh(self):
        with open(self.folder / "program", "rb") as program:
            return self.host.ssh("exec sh -s", stdin=program)

    def with_ansible(self):
        it = run(["ansible-playbook", "-i", self.folder / "inventory", self.folder / "playbooks/site.yml"], env=self.env)
        # The shared connection must be gone before the next turn, and its ending belongs to nobody's time.
        for socket in (self.host.home / "cp").iterdir():
            run(["ssh", "-O", "exit", "-o", f"ControlPath={socket}", self.host.address], may_fail=True)
        return it

    def prepare(self):
        """Brings the host to where nothing is left to do, and copies the program that Aether sends."""
        run([self.aether, "-C", self.folder, "lock"], env=self.env)
        say("bringing the host to where nothing is left to do; the first time it installs its base packages")
        self.with_aether()
        self.host.shell(COPIER)
        self.with_aether()
        # The largest input is the program; the others are the probe and what this harness sends.
        program = self.host.ssh("cat $(ls -S /var/tmp/bench-program.* | head -n 1)").output
        self.host.shell()
        (self.folder / "program").write_text(program)

    def count(self, way):
        """SSH connections, commands over SSH and bytes of one run."""
        self.host.shell(COUNTER)
        self.host.ssh("true")
        before = self.host.counters()
        way()
        after = self.host.counters()
        sessions = int(self.host.ssh("wc -l < /var/tmp/bench-sessions").output) - 2
        self.host.shell()
        return after[0] - before[0], sessions, after[1] - before[1]

    def rows(self, tasks):
        """One row per way."""
        self.prepare()
        ways = {"bare `ssh`, same program": self.with_ssh, "`aether apply`": self.with_aether, "`ansible-playbook`": self.with_ansible}
        runs = {name: [] for name in ways}
        began = time.monotonic()
        for number in range(ROUNDS):
            if number >= 3 and time.monotonic() - began > BUDGET_S:
                break
            for name, way in ways.items():
                runs[name].append(way())
            took = ", ".join(f"{name} {its[-1].wall_s:.2f} s" for name, its in runs.items())
            say(f"{tasks} tasks, round {number + 1} of {ROUNDS}: {took}")
        for name, way in ways.items():
            say(f"{tasks} tasks, counting: {name}")
            it, (connections, sessions, size) = median(runs[name]), self.count(way)
            yield [tasks, name, f"{it.wall_s:.2f}", f"{it.cpu_s:.2f}", connections, sessions, f"{size / 1024:.0f}"]


def converged(aether, host):
    """The table for hosts on which nothing is left to do."""
    rows = [row for tasks in TASKS for row in Contest(aether, host, tasks).rows(tasks)]
    print(f"\n## A converged host\n\nMedian of up to {ROUNDS} rounds in turn; Ansible with pipelining and without an open connection at the start.")
    table(["tasks", "what", "wall s", "CPU s here", "SSH connections", "commands over SSH", "KiB on the wire"], rows)
