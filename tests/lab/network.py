"""The lab's network: a cable per host, a way out for name servers and web ports, and ways to make it bad."""

import contextlib
import pathlib
import socket
import sys
import time

from shell import run, until

FORWARDING_BEFORE = pathlib.Path("/run/aether-lab.forwarding")


def free_network():
    """The first three numbers of a /24 that nobody here uses."""
    taken = run("ip", "-4", "route", "show", "table", "all")
    for third in range(1, 255):
        network = f"10.99.{third}"
        if f" {network}." not in f" {taken.replace(chr(10), ' ')}":
            return network
    sys.exit("lab: every network of 10.99.0.0/16 is taken")


def uplink():
    """The device of the default route, if there is one."""
    words = run("ip", "-4", "route", "show", "default").split()
    return words[words.index("dev") + 1] if "dev" in words else None


def take(tag, network):
    """Makes a network ours. Name servers and web ports of the outside can be reached; everything else stays in."""
    # While a host is away, nothing meant for it may take the way to the outside.
    run("ip", "route", "add", "unreachable", f"{network}.0/24", "metric", "9999")
    rules = f"""
    table ip {tag} {{
        chain leave {{
            type nat hook postrouting priority srcnat;
            ip saddr {network}.0/24 ip daddr != {network}.0/24 masquerade
        }}
        chain pass {{
            type filter hook forward priority filter - 10;
            ip saddr {network}.0/24 ip daddr {network}.0/24 accept
            ip saddr {network}.0/24 meta l4proto {{ tcp, udp }} th dport {{ 53, 80, 443 }} accept
            ip saddr {network}.0/24 drop
        }}
    }}
    """
    run("nft", "-f", "-", text_in=rules)
    device = uplink()
    if device:
        switch = pathlib.Path(f"/proc/sys/net/ipv4/conf/{device}/forwarding")
        if not FORWARDING_BEFORE.exists():
            FORWARDING_BEFORE.write_text(f"{switch} {switch.read_text(encoding='utf-8')}", encoding="utf-8")
        switch.write_text("1", encoding="utf-8")


def give_back(tag, network):
    """Leaves no trace of a network."""
    run("nft", "delete", "table", "ip", tag, check=False)
    run("ip", "route", "del", "unreachable", f"{network}.0/24", "metric", "9999", check=False)
    if FORWARDING_BEFORE.exists() and " ip lab" not in run("nft", "list", "tables"):
        switch, value = FORWARDING_BEFORE.read_text(encoding="utf-8").split()
        pathlib.Path(switch).write_text(value, encoding="utf-8")
        FORWARDING_BEFORE.unlink()


class Cable:
    """What joins one host to the lab: a device here, `eth0` in the host's network namespace."""

    def __init__(self, tag, name, network):
        self.space, self.device = f"{tag}-{name}", f"{tag}{name}"
        self.address = f"{network}.{int(name.removeprefix('h')) + 1}"
        self.gateway = f"{network}.1"

    def lay(self):
        run("ip", "netns", "add", self.space)
        run("ip", "-n", self.space, "link", "set", "lo", "up")
        run("ip", "link", "add", self.device, "type", "veth", "peer", "name", "eth0", "netns", self.space)
        self.plug()

    def plug(self):
        """A cable of its own per host. The neighbour is fixed: a dead host is silence, not an answer from here."""
        run("ip", "-n", self.space, "-batch", "-", text_in=f"""
            addr add {self.address}/32 dev eth0
            link set eth0 up
            route add {self.gateway} dev eth0
            route add default via {self.gateway}
        """)
        run("ip", "-batch", "-", text_in=f"""
            addr add {self.gateway}/32 dev {self.device}
            link set {self.device} up
            route add {self.address} dev {self.device} src {self.gateway}
        """)
        for name in ("forwarding", "proxy_arp"):
            pathlib.Path(f"/proc/sys/net/ipv4/conf/{self.device}/{name}").write_text("1", encoding="utf-8")

    def take_up(self):
        run("ip", "netns", "del", self.space, check=False)

    def filter(self, name, **rules):
        """Packet rules inside the host, by hook, under a name."""
        for hook, rule in rules.items():
            text = f"table ip {name}_{hook} {{\nchain test {{\ntype filter hook {hook} priority filter;\n{rule};\n}}\n}}\n"
            self.inside("nft", "-f", "-", text_in=text)

    def unfilter(self, name):
        for hook in ("input", "output"):
            self.inside("nft", "delete", "table", "ip", f"{name}_{hook}", check=False)

    def cut(self):
        """Both ends of every connection hear of a reset; new ones can be made at once."""
        self.inside("ss", "-K", "-t", "state", "connected", check=False)

    def inside(self, *command, **more):
        return run("ip", "netns", "exec", self.space, *command, **more)


def wait_for_banner(address, log):
    """Until sshd speaks."""
    def speaks():
        with contextlib.suppress(OSError), socket.create_connection((address, 22), timeout=2) as stream:
            stream.settimeout(2)
            return stream.recv(4) == b"SSH-"

    until(speaks, lambda: f"no sshd at {address}:\n{log.read_text(encoding='utf-8')}")


def wait_for_key(address, key, log):
    """Until sshd shows this host key."""
    kind = key.split()[0].removeprefix("ssh-")
    until(
        lambda: key in run("ssh-keyscan", "-T", "2", "-t", kind, address, check=False),
        lambda: f"sshd at {address} does not show its new key:\n{log.read_text(encoding='utf-8')}",
    )
