"""Start-up, and how the compiler grows with the number of hosts. Needs no network and no host."""

import shutil
import tempfile
from pathlib import Path

from measure import median, mib, run, table

SIZES = (1_000, 10_000)
GROUP = 100  # hosts per host group

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


def manifest(hosts):
    """A manifest with that many hosts over SSH."""
    lines = ["aether: 1", "name: bench", "", "hosts:"]
    for group in range(hosts // GROUP):
        lines += [f"  group{group:03}:", "    provider: ssh", "    playbooks: [playbooks/site.yml]", "    addresses:"]
        lines += [f"      - 10.{group // 250}.{group % 250}.{host + 1}" for host in range(GROUP)]
    return "\n".join(lines) + "\n"


def startup(aether):
    """`aether --version`, 100 times after a warm-up."""
    run([aether, "--version"])
    it = median([run([aether, "--version"]) for _ in range(100)])
    print("\n## Start-up\n\n`aether --version`, median of 100; the goal is 10 ms CPU and 20 MiB.")
    table(["wall ms", "CPU ms", "max RSS MiB"], [[f"{it.wall_s * 1e3:.1f}", f"{it.cpu_s * 1e3:.1f}", mib(it.rss_mib)]])


def scale(aether):
    """Validate and render, for every size."""
    rows = []
    for hosts in SIZES:
        folder = Path(tempfile.mkdtemp(prefix="aether-bench-"))
        (folder / "playbooks").mkdir()
        (folder / "playbooks/site.yml").write_text(PLAYBOOK)
        (folder / "aether.yaml").write_text(manifest(hosts))
        # A host group without an environment needs no pins, but a lock there must be; it names uv only.
        run([aether, "-C", folder, "lock"])
        for verb in (["validate"], ["render"], ["render", "--check"]):
            it = median([run([aether, "-C", folder, *verb]) for _ in range(3)])
            rows.append([f"{hosts:,}", f"`{' '.join(verb)}`", f"{it.wall_s:.2f}", f"{it.cpu_s:.2f}", mib(it.rss_mib)])
        shutil.rmtree(folder)
    print("\n## Many hosts\n\nA generated manifest, groups of 100 hosts, median of 3; the goal is 1 s and 200 MB at 10,000.")
    table(["hosts", "command", "wall s", "CPU s", "max RSS MiB"], rows)
