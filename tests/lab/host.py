"""One host: its files, its power, and what may happen to it."""

import contextlib
import os
import pathlib
import shutil
import signal
import sys
import time

from network import Cable, wait_for_banner, wait_for_key
from shell import kill, noted, run, start, until

HERE = pathlib.Path(__file__).parent


class Host:
    """A host and its folder."""

    def __init__(self, lab, name):
        state = lab.read()
        self.lab, self.name, self.base = lab, name, state["base"]
        self.folder = lab.folder / "hosts" / name
        self.cable = Cable(lab.tag, name, state["network"])
        self.address = self.cable.address

    # ---------------------------------------------------------------- power

    def make(self):
        """Starts it; its name, address and public keys."""
        for part in ("upper/etc/ssh", "upper/usr/sbin", "work", "root"):
            (self.folder / part).mkdir(parents=True)
        keys = self.make_keys(self.folder / "upper/etc/ssh")
        self.write_files(self.folder / "upper")
        self.cable.lay()
        self.switch_on()
        return {"name": self.name, "address": self.address, "keys": keys}

    def switch_on(self):
        (self.folder / "power").touch()
        command = ["sh", str(HERE / "power.sh"), str(self.folder), self.base, self.name, self.cable.space]
        with open(self.folder / "log", "a", encoding="utf-8") as log:
            power = start([*command, str(HERE / "init.sh")], log)
        (self.folder / "keeper").write_text(str(power.pid), encoding="utf-8")

    def wait(self):
        wait_for_banner(self.address, self.folder / "log")

    def crash(self):
        """Every process ends; it stays off."""
        (self.folder / "power").unlink(missing_ok=True)
        kill(self.folder / "init")
        time.sleep(0.05)

    def restart(self):
        """Every process ends; it boots again, and this returns when sshd speaks."""
        before = self.boot_id()
        os.kill(noted(self.folder / "init"), signal.SIGKILL)
        until(lambda: self.boot_id() not in ("", before), lambda: f"{self.name} does not boot")
        self.wait()

    def boot_id(self):
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / "boot_id").read_text(encoding="utf-8")
        return ""

    def end(self):
        self.crash()
        kill(self.folder / "delay")
        kill(self.folder / "keeper")
        self.cable.take_up()

    # -------------------------------------------------------------- network

    def silence(self):
        self.cable.filter("silence", input="drop", output="drop")

    def hide(self):
        self.cable.filter("hide", input=f"ip saddr {self.cable.gateway} drop")

    def hang(self):
        self.cable.filter("hang", input="drop", output="drop")

    def resume(self):
        self.cable.unfilter("hang")

    def seclude(self, other):
        """The two keep one route, to each other. What runs in the other's network namespace reaches this host alone."""
        other = Host(self.lab, other)
        for one, far in ((self, other), (other, self)):
            cable = one.cable
            run("ip", "-n", cable.space, "route", "flush", "table", "main")
            run("ip", "-n", cable.space, "route", "add", far.address, "via", cable.gateway, "dev", "eth0", "onlink")
        print(other.cable.space)

    def cut(self):
        self.cable.cut()

    def latency(self, milliseconds):
        """Takes the cable out and puts a slow one in; connections go on."""
        kill(self.folder / "delay")
        cable, far = self.cable, f"{self.cable.device}x"
        run("ip", "link", "del", cable.device, check=False)
        with open(self.folder / "log", "a", encoding="utf-8") as log:
            line = start([sys.executable, str(HERE / "delay.py"), cable.device, far, milliseconds], log)
        (self.folder / "delay").write_text(str(line.pid), encoding="utf-8")
        until(lambda: os.path.exists(f"/sys/class/net/{far}"), lambda: "no slow cable")
        run("ip", "link", "set", far, "netns", cable.space, "name", "eth0")
        cable.plug()

    # ---------------------------------------------------------------- disks

    def small(self, folder):
        """A disk of one mebibyte in place of a folder; what lay there is on it."""
        self.within(f"""
            folder={folder}
            mkdir -p "$folder" /run/small
            mount -t tmpfs -o size=1m,mode="$(stat -c %a "$folder")" tmpfs /run/small
            cp -a "$folder/." /run/small/
            mount --move /run/small "$folder"
        """)

    def fill(self, folder):
        self.within(f"cat /dev/zero >{folder}/.filler 2>/dev/null || true")

    def free(self, folder):
        self.within(f"rm -f {folder}/.filler")

    # ---------------------------------------------------------------- files

    def rekey(self):
        """New host keys; its public halves."""
        # Through the host's own eyes: an overlay must not be changed from below while it is mounted.
        init = self.process_one()
        keys = self.make_keys(pathlib.Path(f"/proc/{init}/root/etc/ssh"))
        os.kill(init, signal.SIGHUP)
        # sshd starts itself again: for a moment it listens with the old key, and then not at all.
        wait_for_key(self.address, keys[0], self.folder / "log")
        return keys

    def make_keys(self, folder):
        """Host keys of two kinds; their public halves."""
        path = folder / "ssh_host_ed25519_key"
        path.unlink(missing_ok=True)
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path))
        for name in ("ssh_host_rsa_key", "ssh_host_rsa_key.pub"):
            shutil.copy(self.lab.folder / name, folder)
        public = (folder / f"ssh_host_{kind}_key.pub" for kind in ("ed25519", "rsa"))
        return [path.read_text(encoding="utf-8").strip() for path in public]

    def write_files(self, upper):
        public = (self.lab.folder / "key.pub").read_text(encoding="utf-8")
        (upper / "etc/hostname").write_text(f"{self.name}\n", encoding="utf-8")
        (upper / "etc/hosts").write_text(f"127.0.0.1 localhost\n{self.address} {self.name}\n", encoding="utf-8")
        shutil.copy("/etc/resolv.conf", upper / "etc/resolv.conf")
        # One file for all users, for their homes belong to the base.
        (upper / "etc/ssh/authorized_keys").write_text(public, encoding="utf-8")
        extra = upper / "etc/ssh/sshd_config.d"
        extra.mkdir()
        (extra / "keys.conf").write_text(
            "AuthorizedKeysFile /etc/ssh/authorized_keys .ssh/authorized_keys\n", encoding="utf-8"
        )
        shutil.copy(HERE / "shutdown.py", upper / "usr/sbin/shutdown")
        for name in ("reboot", "poweroff"):
            (upper / "usr/sbin" / name).symlink_to("shutdown")

    def process_one(self):
        """The process below unshare."""
        return int(run("ps", "-o", "pid=", "--ppid", str(noted(self.folder / "init"))).split()[0])

    def within(self, script):
        """Runs a script inside."""
        run("nsenter", "--all", "-t", str(self.process_one()), "sh", "-euc", script)
