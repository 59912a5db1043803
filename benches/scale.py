"""Start-up, and how the compiler grows with the number of hosts. Needs no network and no host."""

import shutil
import tempfile
from pathlib import Path

from measure import median, mib, run, say, table

SIZES = (1_000, 10_000)
# Hosts per host group, given how many there are: many to a group, one to a group, all in one.
SHAPES = {"groups of 100": lambda _: 100, "groups of 1": lambda _: 1, "one group": lambda hosts: hosts}

# Each host group has a playbook and no environment: what is measured is Aether, not a package index.
PLAYBOOK = """---
- name: Base
  hosts: all
  gather_facts: false
  tasks:
    - name: Say who set this host up
      ansible.builtin.copy:
        dest: /etc/motd
        content: "set up by bench\\n"
        mode: "0644"
"""


def manifest(hosts, size):
    """A manifest with that many hosts over SSH, so many to a group."""
    lines = ["aether: 1", "name: bench", "", "hosts:"]
    for first in range(0, hosts, size):
        lines += [f"  group{first // size:05}:", "    provider: ssh", "    playbooks: [playbooks/site.yml]", "    addresses:"]
        lines += [f"      - 10.0.{host // 250}.{host % 250 + 1}" for host in range(first, first + size)]
    return "\n".join(lines) + "\n"


def startup(aether):
    """`aether --version`, 100 times after a warm-up."""
    run([aether, "--version"])
    it = median([run([aether, "--version"]) for _ in range(100)])
    print("\n## Start-up\n\n`aether --version`, median of 100; the goal is 10 ms CPU and 20 MiB.")
    table(["wall ms", "CPU ms", "max RSS MiB"], [[f"{it.wall_s * 1e3:.1f}", f"{it.cpu_s * 1e3:.1f}", mib(it.rss_mib)]])


def scale(aether):
    """Validate and render, for every shape and size."""
    rows = [row for shape in SHAPES for hosts in SIZES for row in of(aether, shape, hosts)]
    print("\n## Many hosts\n\nA generated manifest, median of 3; the goal is 1 s and 200 MB at 10,000.")
    table(["hosts", "shape", "command", "wall s", "CPU s", "max RSS MiB"], rows)


def of(aether, shape, hosts):
    """The rows of one manifest."""
    folder = Path(tempfile.mkdtemp(prefix="aether-bench-"))
    (folder / "playbooks").mkdir()
    (folder / "playbooks/site.yml").write_text(PLAYBOOK)
    (folder / "aether.yaml").write_text(manifest(hosts, SHAPES[shape](hosts)))
    # A host group without an environment needs no pins, but a lock there must be; it names uv only.
    run([aether, "-C", folder, "lock"])
    for verb in (["validate"], ["render"], ["render", "--check"]):
        it = median([run([aether, "-C", folder, *verb]) for _ in range(3)])
        say(f"{hosts} hosts, {shape}, {' '.join(verb)}: {it.wall_s:.2f} s")
        yield [f"{hosts:,}", shape, f"`{' '.join(verb)}`", f"{it.wall_s:.2f}", f"{it.cpu_s:.2f}", mib(it.rss_mib)]
    shutil.rmtree(folder)
