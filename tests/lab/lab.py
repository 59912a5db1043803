#!/usr/bin/env python3
"""Throw-away SSH hosts for the tests: each is a network, mount and process namespace with its own Debian and sshd.

    lab.py FOLDER start [OWNER-PID]   prepare the network and the base system; ends by itself with its owner
    lab.py FOLDER add COUNT           start hosts; prints one JSON object per line
    lab.py FOLDER silence HOST        every packet to the host vanishes, as when the power is cut
    lab.py FOLDER crash HOST          every process of the host ends, its connections are closed
    lab.py FOLDER rekey HOST          give the host new SSH host keys
    lab.py FOLDER hide HOST           let the host be reached from other hosts only, as behind a jump host
    lab.py FOLDER stop                end all hosts and remove every trace

Needs root, and the Debian packages iproute2, nftables, mmdebstrap, openssh-client and util-linux. The base system is
made once (half a minute) and kept in ~/.cache/aether/lab. Hosts reach name servers and web ports outside, nothing else.
Users of a host: root, admin (sudo without a password), locked (sudo with PASSWORD). The lab's key opens all three.
"""

import contextlib
import fcntl
import glob
import hashlib
import json
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import sys
import time

PASSWORD = "open sesame"
RECIPE = "1"  # another number makes the base system anew
PACKAGES = "openssh-server,python3,sudo,ca-certificates,procps,iproute2"
LOCK = "/run/aether-lab.lock"
FORWARDING_BEFORE = pathlib.Path("/run/aether-lab.forwarding")
CERTIFICATES = "/usr/local/share/ca-certificates"
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"

# In the new namespaces, on the way to becoming process 1: an own root from overlay layers, then sshd.
INIT = r"""
set -eu
folder=$1 base=$2 name=$3
mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$base,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
cd "$folder/root"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs dev
for node in null zero full random urandom tty; do cp -a "/dev/$node" dev/; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin; ln -s fd/1 dev/stdout; ln -s fd/2 dev/stderr
mount -t tmpfs -o mode=755 tmpfs run
mkdir run/sshd run/lock
hostname "$name"
mkdir -p mnt/old
pivot_root . mnt/old
cd /
umount -l /mnt/old
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    setpriv --bounding-set=-sys_module,-sys_time,-sys_rawio /usr/sbin/sshd -D -e
"""

SSHD = """
UseDNS no
PermitRootLogin prohibit-password
PasswordAuthentication no
MaxStartups 100
Match User locked
    PasswordAuthentication yes
"""


def run(*command, text_in=None, check=True):
    """Runs a program to its end; its output, or an error that says what it said."""
    done = subprocess.run(command, input=text_in, capture_output=True, text=True, check=False)
    if check and done.returncode:
        sys.exit(f"lab: `{' '.join(command)}` failed:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextlib.contextmanager
def locked(path):
    """One at a time."""
    with open(path, "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def need_tools():
    """Says at once what is missing."""
    if os.geteuid():
        sys.exit("lab: throw-away hosts need root")
    tools = {"ip": "iproute2", "nft": "nftables", "mmdebstrap": "mmdebstrap", "ssh-keygen": "openssh-client"}
    missing = sorted({package for tool, package in tools.items() if not shutil.which(tool)})
    if missing:
        sys.exit(f"lab: install first: apt-get install -y {' '.join(missing)}")


# ---------------------------------------------------------------- base system


def archives():
    """The Debian archives of this machine, as one-line sources."""
    form = "deb $(REPO_URI) $(RELEASE) $(COMPONENT)"
    lines = run("apt-get", "indextargets", "--format", form, "Created-By: Packages", "Origin: Debian").splitlines()
    if not lines:
        sys.exit("lab: no Debian archive is known here; run `apt-get update`")
    return sorted(set(lines))


def base_system():
    """The folder of the base system, made when it is not there for exactly these ingredients."""
    certificates = sorted(glob.glob(f"{CERTIFICATES}/*.crt"))
    sources = archives()
    digest = hashlib.sha256("\n".join([RECIPE, SSHD, PACKAGES, PASSWORD, *sources]).encode())
    for path in certificates:
        digest.update(pathlib.Path(path).read_bytes())
    cache = pathlib.Path.home() / ".cache/aether/lab"
    cache.mkdir(parents=True, exist_ok=True)
    base = cache / digest.hexdigest()[:16]
    with locked(cache / "lock"):
        if not base.is_dir():
            make_base(base, sources, certificates)
    return base


def make_base(base, sources, certificates):
    """Unpacks Debian beside the place it is meant for, and moves it there when it is whole."""
    release = run("sh", "-c", ". /etc/os-release && echo $VERSION_CODENAME").strip()
    part = base.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    print("lab: making the base system, once", file=sys.stderr)
    excluded = [f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in ("doc", "man", "locale")]
    options = ["--quiet", "--format=directory", "--variant=minbase", f"--include={PACKAGES}", *excluded]
    run("mmdebstrap", *options, release, str(part), "-", text_in="\n".join(sources) + "\n")
    for path in glob.glob(f"{part}/etc/ssh/ssh_host_*"):
        os.unlink(path)
    (part / "etc/ssh/sshd_config.d/lab.conf").write_text(SSHD, encoding="utf-8")
    for certificate in certificates:
        shutil.copy(certificate, f"{part}{CERTIFICATES}")
    run("chroot", str(part), "update-ca-certificates")
    add_users(part)
    # Package tools bring their own authorities; here they must know the machine's as well.
    (part / "etc/pip.conf").write_text(f"[global]\ncert = {BUNDLE}\n", encoding="utf-8")
    with open(part / "etc/environment", "a", encoding="utf-8") as environment:
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT"):
            environment.write(f"{name}={BUNDLE}\n")
    part.rename(base)


def add_users(part):
    """admin may do everything; locked must say its password for it."""
    for user, rule in (("admin", "NOPASSWD: ALL"), ("locked", "ALL")):
        run("chroot", str(part), "useradd", "--create-home", "--shell", "/bin/bash", user)
        sudoers = part / "etc/sudoers.d" / user
        sudoers.write_text(f"{user} ALL=(ALL) {rule}\n", encoding="utf-8")
        sudoers.chmod(0o440)
    run("chroot", str(part), "chpasswd", text_in=f"locked:{PASSWORD}\n")


# -------------------------------------------------------------------- network


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

    def start(self, owner):
        need_tools()
        base = base_system()
        self.folder.mkdir(parents=True)
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", str(self.folder / "key"))
        # Seconds of work, so all hosts have the same RSA key; what tells them apart is the other one.
        run("ssh-keygen", "-q", "-t", "rsa", "-N", "", "-C", "", "-f", str(self.folder / "ssh_host_rsa_key"))
        with locked(LOCK):
            network = free_network()
            # While a host is away, nothing meant for it may take the way to the outside.
            run("ip", "route", "add", "unreachable", f"{network}.0/24", "metric", "9999")
            self.let_out(network)
        state = {"network": network, "base": str(base), "hosts": 0}
        self.state.write_text(json.dumps(state), encoding="utf-8")
        if owner:
            self.watch(owner)

    def let_out(self, network):
        """Name servers and web ports of the outside; everything else stays in."""
        rules = f"""
        table ip {self.tag} {{
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

    def watch(self, owner):
        """A process of its own that ends the lab when its owner ends, however that happens."""
        command = [sys.executable, __file__, str(self.folder), "keep", str(owner)]
        null = subprocess.DEVNULL
        subprocess.Popen(command, stdin=null, stdout=null, stderr=null, start_new_session=True, cwd="/")

    def keep(self, owner):
        with contextlib.suppress(ProcessLookupError):
            select.select([os.pidfd_open(owner)], [], [])
        self.stop()

    def stop(self):
        if not self.state.exists():
            return
        with locked(LOCK):
            network = self.read()["network"]
            for host in sorted(self.folder.glob("hosts/*")):
                kill(host / "init")
                run("ip", "netns", "del", f"{self.tag}-{host.name}", check=False)
            run("nft", "delete", "table", "ip", self.tag, check=False)
            run("ip", "route", "del", "unreachable", f"{network}.0/24", "metric", "9999", check=False)
            if FORWARDING_BEFORE.exists() and " ip lab" not in run("nft", "list", "tables"):
                switch, value = FORWARDING_BEFORE.read_text(encoding="utf-8").split()
                pathlib.Path(switch).write_text(value, encoding="utf-8")
                FORWARDING_BEFORE.unlink()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---------------------------------------------------------------- hosts

    def add(self, count):
        with locked(self.folder / "lock"):
            state = self.read()
            first = state["hosts"] + 1
            if first + count > 250:
                sys.exit("lab: one lab has room for 250 hosts")
            state["hosts"] += count
            self.state.write_text(json.dumps(state), encoding="utf-8")
        hosts = [self.add_one(number, state) for number in range(first, first + count)]
        for host in hosts:
            wait_for_banner(host["address"], self.folder / "hosts" / host["name"] / "log")
            print(json.dumps(host))

    def add_one(self, number, state):
        name = f"h{number}"
        address = self.address(name)
        host = self.folder / "hosts" / name
        for part in ("upper/etc/ssh", "work", "root"):
            (host / part).mkdir(parents=True)
        keys = self.make_host_keys(host / "upper/etc/ssh")
        self.write_files(host / "upper", name, address)
        self.connect(name, address, f"{state['network']}.1")
        command = ["ip", "netns", "exec", f"{self.tag}-{name}", "unshare", "--mount", "--uts", "--ipc", "--pid"]
        command += ["--fork", "--kill-child", "sh", "-c", INIT, "init", str(host), state["base"], name]
        with open(host / "log", "w", encoding="utf-8") as log:
            null = subprocess.DEVNULL
            init = subprocess.Popen(command, stdin=null, stdout=log, stderr=log, start_new_session=True, cwd="/")
        (host / "init").write_text(str(init.pid), encoding="utf-8")
        return {"name": name, "address": address, "keys": keys}

    def make_host_keys(self, folder):
        """Host keys of two kinds; their public halves."""
        path = folder / "ssh_host_ed25519_key"
        path.unlink(missing_ok=True)
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path))
        for name in ("ssh_host_rsa_key", "ssh_host_rsa_key.pub"):
            shutil.copy(self.folder / name, folder)
        public = (folder / f"ssh_host_{kind}_key.pub" for kind in ("ed25519", "rsa"))
        return [path.read_text(encoding="utf-8").strip() for path in public]

    def write_files(self, upper, name, address):
        public = (self.folder / "key.pub").read_text(encoding="utf-8")
        (upper / "etc/hostname").write_text(f"{name}\n", encoding="utf-8")
        (upper / "etc/hosts").write_text(f"127.0.0.1 localhost\n{address} {name}\n", encoding="utf-8")
        shutil.copy("/etc/resolv.conf", upper / "etc/resolv.conf")
        # One file for all users, for their homes belong to the base.
        (upper / "etc/ssh/authorized_keys").write_text(public, encoding="utf-8")
        extra = upper / "etc/ssh/sshd_config.d"
        extra.mkdir()
        (extra / "keys.conf").write_text(
            "AuthorizedKeysFile /etc/ssh/authorized_keys .ssh/authorized_keys\n", encoding="utf-8"
        )

    def connect(self, name, address, gateway):
        """A cable of its own per host. The neighbour is fixed: a dead host is silence, not an answer from here."""
        space, device = f"{self.tag}-{name}", f"{self.tag}{name}"
        run("ip", "netns", "add", space)
        run("ip", "link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", space)
        run("ip", "-n", space, "-batch", "-", text_in=f"""
            link set lo up
            addr add {address}/32 dev eth0
            link set eth0 up
            route add {gateway} dev eth0
            route add default via {gateway}
        """)
        run("ip", "-batch", "-", text_in=f"""
            addr add {gateway}/32 dev {device}
            link set {device} up
            route add {address} dev {device} src {gateway}
        """)
        for name, value in (("forwarding", "1"), ("proxy_arp", "1")):
            pathlib.Path(f"/proc/sys/net/ipv4/conf/{device}/{name}").write_text(value, encoding="utf-8")

    def silence(self, name):
        self.filter(name, input="drop", output="drop")

    def hide(self, name):
        self.filter(name, input=f"ip saddr {self.read()['network']}.1 drop")

    def filter(self, name, **rules):
        """Packet rules inside the host, by hook."""
        for hook, rule in rules.items():
            text = f"table ip {hook} {{\nchain test {{\ntype filter hook {hook} priority filter;\n{rule};\n}}\n}}\n"
            run("ip", "netns", "exec", f"{self.tag}-{name}", "nft", "-f", "-", text_in=text)

    def crash(self, name):
        kill(self.folder / "hosts" / name / "init")

    def rekey(self, name):
        host = self.folder / "hosts" / name
        # Through the host's own eyes: an overlay must not be changed from below while it is mounted.
        init = child_of((host / "init").read_text(encoding="utf-8"))
        root = pathlib.Path(f"/proc/{init}/root/etc/ssh")
        keys = self.make_host_keys(root)
        os.kill(int(init), signal.SIGHUP)
        # sshd starts itself again: for a moment it listens with the old key, and then not at all.
        wait_for_key(self.address(name), keys[0], host / "log")
        print(json.dumps({"keys": keys}))

    def address(self, name):
        return f"{self.read()['network']}.{int(name.removeprefix('h')) + 1}"


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


def wait_for_banner(address, log):
    """Until sshd speaks."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection((address, 22), timeout=2) as stream:
            stream.settimeout(2)
            if stream.recv(4) == b"SSH-":
                return
        time.sleep(0.02)
    sys.exit(f"lab: no sshd at {address}:\n{log.read_text(encoding='utf-8')}")


def wait_for_key(address, key, log):
    """Until sshd shows this host key."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if key in run("ssh-keyscan", "-T", "2", "-t", key.split()[0].removeprefix("ssh-"), address, check=False):
            return
        time.sleep(0.02)
    sys.exit(f"lab: sshd at {address} does not show its new key:\n{log.read_text(encoding='utf-8')}")


def child_of(pid):
    """The process below unshare: process 1 of its host."""
    return run("ps", "-o", "pid=", "--ppid", pid).split()[0]


def kill(note):
    """Ends the process noted in a file, and with it its whole host."""
    with contextlib.suppress(OSError, ValueError):
        os.kill(int(note.read_text(encoding="utf-8")), signal.SIGKILL)
    note.unlink(missing_ok=True)
    time.sleep(0.05)


def main(arguments):
    if len(arguments) < 2 or arguments[1] not in VERBS:
        sys.exit(__doc__)
    folder, verb, *rest = arguments
    lab = Lab(folder)
    if verb == "start":
        lab.start(int(rest[0]) if rest else None)
    elif verb == "stop":
        lab.stop()
    elif verb in ("add", "keep"):
        getattr(lab, verb)(int(rest[0]))
    else:
        getattr(lab, verb)(rest[0])


VERBS = ("start", "add", "silence", "crash", "rekey", "hide", "keep", "stop")

if __name__ == "__main__":
    main(sys.argv[1:])
