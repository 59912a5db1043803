"""The base system under every host: a Debian that is made once and kept."""

import glob
import hashlib
import os
import pathlib
import shutil
import sys

from shell import locked, run

PASSWORD = "open sesame"
RECIPE = "1"  # another number makes the base system anew
PACKAGES = "openssh-server,python3,python3-apt,python3-debian,sudo,ca-certificates,procps,iproute2"
CERTIFICATES = "/usr/local/share/ca-certificates"
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"

SSHD = """
UseDNS no
PermitRootLogin prohibit-password
PasswordAuthentication no
MaxStartups 100
Match User locked
    PasswordAuthentication yes
"""


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
