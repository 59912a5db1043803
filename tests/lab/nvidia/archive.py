"""Signed apt repositories of stub packages, without a program of Debian's but gpg."""

import gzip
import hashlib
import io
import pathlib
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass, field


@dataclass
class Package:
    """One package: what it is called, what it needs, what it puts where."""

    name: str
    version: str
    depends: str = ""
    maintainer: str = "cudatools <cudatools@nvidia.com>"
    conflicts: str = ""
    provides: str = ""
    # Content by path; what lies in `bin` or `sbin` is a program.
    files: dict = field(default_factory=dict)
    links: dict = field(default_factory=dict)
    # Maintainer scripts by name: postinst, prerm.
    scripts: dict = field(default_factory=dict)

    @property
    def file(self):
        """The name of its file: the epoch is not in it."""
        return f"{self.name}_{self.version.split(':')[-1]}_all.deb"

    def control(self):
        """Its entry in lists."""
        entries = {
            "Package": self.name,
            "Version": self.version,
            "Architecture": "all",
            "Maintainer": self.maintainer,
            "Depends": self.depends,
            "Conflicts": self.conflicts,
            "Provides": self.provides,
            "Description": "stub",
        }
        return "".join(f"{key}: {value}\n" for key, value in entries.items() if value)

    def build(self):
        """The bytes of its .deb."""
        control = {"./control": (self.control(), 0o644)}
        control |= {f"./{name}": (f"#!/bin/sh\nset -e\n{text}\n", 0o755) for name, text in self.scripts.items()}
        data = {f".{path}": (text, 0o755 if "bin/" in path else 0o644) for path, text in self.files.items()}
        parts = [("debian-binary", b"2.0\n"), ("control.tar.gz", archive(control, {}))]
        parts.append(("data.tar.gz", archive(data, self.links)))
        return b"!<arch>\n" + b"".join(member(name, content) for name, content in parts)


def member(name, content):
    """One member of an ar file."""
    header = f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n"
    return header.encode() + content + b"\n" * (len(content) % 2)


def archive(files, links):
    """A tar file of texts with their modes, and of symbolic links; folders come before what is in them."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz", format=tarfile.GNU_FORMAT) as tar:
        paths = [pathlib.PurePosixPath(path) for path in [*files, *(f".{link}" for link in links)]]
        folders = {str(parent) for path in paths for parent in path.parents}
        for folder in sorted(folders - {"."}):
            info = tarfile.TarInfo(f"./{folder}")
            info.type, info.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(info)
        for path, (text, mode) in files.items():
            content = text if isinstance(text, bytes) else text.encode()
            info = tarfile.TarInfo(path)
            info.size, info.mode = len(content), mode
            tar.addfile(info, io.BytesIO(content))
        for path, target in links.items():
            info = tarfile.TarInfo(f".{path}")
            info.type, info.linkname = tarfile.SYMTYPE, target
            tar.addfile(info)
    return stream.getvalue()


class Signer:
    """A key that is made for one run."""

    def __init__(self, kind="ed25519"):
        self.home = tempfile.mkdtemp()
        self.gpg("--passphrase", "", "--quick-generate-key", "stub@example.com", kind, "sign", "never")

    def gpg(self, *arguments, data=None):
        """Runs gpg; what it prints."""
        command = ["gpg", "--homedir", self.home, "--batch", "--quiet", "--yes", *arguments]
        return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout

    def public(self, *options):
        """The public key."""
        return self.gpg(*options, "--export")

    def close(self):
        """Ends gpg's agent and forgets the key."""
        subprocess.run(["gpgconf", "--homedir", self.home, "--kill", "gpg-agent"], check=False)
        shutil.rmtree(self.home)


def publish(folder, packages, signer):
    """Writes a flat repository: the packages, their list and its signature."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for package in packages:
        content = package.build()
        (folder / package.file).write_bytes(content)
        sums = f"Filename: ./{package.file}\nSize: {len(content)}\nSHA256: {hashlib.sha256(content).hexdigest()}\n"
        entries.append(package.control() + sums)
    lists = {"Packages": "\n".join(entries).encode()}
    lists["Packages.gz"] = gzip.compress(lists["Packages"])
    release = "Origin: NVIDIA\nLabel: NVIDIA CUDA\nDate: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n"
    for name, content in lists.items():
        (folder / name).write_bytes(content)
        release += f" {hashlib.sha256(content).hexdigest()} {len(content)} {name}\n"
    (folder / "InRelease").write_bytes(signer.gpg("--clearsign", data=release.encode()))
