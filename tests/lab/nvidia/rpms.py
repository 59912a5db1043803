#!/usr/bin/env python3
"""Makes stub dnf repositories below FOLDER, on a host that has rpmbuild, rpmsign, createrepo_c and gpg.

    rpms.py FOLDER KERNEL

`system` stands for the system's own, `repos/rhel9/x86_64` for NVIDIA's with module streams, `repos/rhel10/x86_64` for
NVIDIA's without.
"""

import pathlib
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True

from archive import Signer
from packages import DKMS, SMI

LIBRARY = "/usr/lib64/libnvidia-ml.so"
EPOCH = "3"

MODULE = """---
document: modulemd
version: 2
data:
  name: nvidia-driver
  stream: {stream}
  version: 1
  context: stub
  arch: noarch
  summary: stub
  description: stub
  license:
    module: [none]
  artifacts:
    rpms:
{artifacts}...
"""


def subpackage(name, requires=(), files=None, post="", provides=""):
    """One part of a spec: its header, what puts its files in place, and its list of files."""
    needs = "".join(f"Requires: {need}\n" for need in requires) + (f"Provides: {provides}\n" if provides else "")
    header = f"%package -n {name}\nSummary: stub\nAutoReqProv: no\n{needs}%description -n {name}\nstub\n"
    install, listed = "", ""
    for path, text in (files or {}).items():
        mode = "755" if "bin/" in path else "644"
        install += f"mkdir -p %{{buildroot}}{pathlib.PurePosixPath(path).parent}\n"
        if text.startswith("-> "):
            install += f"ln -s {text[3:]} %{{buildroot}}{path}\n"
        else:
            install += f"cat >%{{buildroot}}{path} <<'END'\n{text}END\nchmod {mode} %{{buildroot}}{path}\n"
        listed += f"{path}\n"
    script = f"%post -n {name}\n{post}\n" if post else ""
    return header, install, f"{script}%files -n {name}\n{listed}"


def build(folder, name, version, epoch, parts):
    """Runs rpmbuild on a spec of these parts."""
    headers, installs, files = ("".join(part) for part in zip(*parts))
    spec = f"Name: {name}\nVersion: {version}\nRelease: 1\nSummary: stub\nLicense: none\nBuildArch: noarch\n"
    spec += f"Epoch: {epoch}\n%description\nstub\n{headers}%install\n{installs}{files}"
    path = folder / f"{name}.spec"
    path.write_text(spec, encoding="utf-8")
    settings = {
        "_topdir": f"{folder}/build",
        "_rpmdir": str(folder),
        "_build_name_fmt": "%%{NAME}-%%{VERSION}.rpm",
    }
    subprocess.run(["rpmbuild", "-bb", "--quiet", *defines(settings), str(path)], check=True)
    path.unlink()


def defines(settings):
    """Options of rpm's programs that set its macros."""
    return [f"--define={name} {value}" for name, value in settings.items()]


def driver(folder, version):
    """One driver, with modules of both kinds."""
    unit = {"/usr/lib/systemd/system/nvidia-persistenced.service": "[Service]\n"}
    library = {f"{LIBRARY}.{version}": "", f"{LIBRARY}.1": f"-> libnvidia-ml.so.{version}"}
    smi = SMI.replace("/usr/lib/x86_64-linux-gnu", "/usr/lib64")
    parts = [
        subpackage("nvidia-driver-libs", files=library),
        subpackage("nvidia-driver-cuda", files={"/usr/bin/nvidia-smi": smi}),
        subpackage("nvidia-persistenced", files=unit),
    ]
    same = f"= {EPOCH}:{version}"
    common = [f"{name} {same}" for name in ("nvidia-driver-libs", "nvidia-driver-cuda", "nvidia-persistenced")]
    metas = {
        "nvidia-open": ("kmod-nvidia-open-dkms", "open"),
        "cuda-drivers": ("kmod-nvidia-latest-dkms", "proprietary"),
    }
    for meta, (module, kind) in metas.items():
        source = {f"/usr/src/nvidia-{version}/kind.{kind}": f"{kind}\n"}
        post = f"cp /usr/src/nvidia-{version}/kind.{kind} /usr/src/nvidia-{version}/kind; dkms autoinstall"
        parts.append(subpackage(module, ["dkms"], source, post))
        parts.append(subpackage(meta, [*common, f"{module} {same}"]))
    build(folder, "driver", version, EPOCH, parts)


def modules(folder, versions):
    """The streams of `nvidia-driver`: packages outside of the enabled one are hidden."""
    names = ["nvidia-driver-libs", "nvidia-driver-cuda", "nvidia-persistenced"]
    kinds = {"open": ["kmod-nvidia-open-dkms", "nvidia-open"], "dkms": ["kmod-nvidia-latest-dkms", "cuda-drivers"]}
    text = ""
    for version in versions:
        for kind, own in kinds.items():
            artifacts = "".join(f"      - {name}-{EPOCH}:{version}-1.noarch\n" for name in [*names, *own])
            stream = f"{version.split('.')[0]}-{kind}"
            text += MODULE.format(stream=stream, artifacts=artifacts)
    (folder / "modules.yaml").write_text(text, encoding="utf-8")
    subprocess.run(["modifyrepo_c", "--mdtype=modules", "modules.yaml", "repodata"], cwd=folder, check=True)


def publish(folder, signer):
    """Signs every package and lists them; the key lies where NVIDIA puts its own."""
    settings = {"__gpg": "/usr/bin/gpg", "_gpg_path": signer.home, "_gpg_name": "stub@example.com"}
    subprocess.run(["rpmsign", *defines(settings), "--addsign", *map(str, folder.glob("*.rpm"))], check=True)
    for name in ("D42D0685.pub", "CDF6BA43.pub"):
        (folder / name).write_bytes(signer.public("--armor"))
    subprocess.run(["createrepo_c", "--quiet", "."], cwd=folder, check=True)


def system(folder, kernel):
    """What the system's own repository has. The shell is Debian's, which rpm knows nothing of."""
    dkms = subpackage("dkms", files={"/usr/sbin/dkms": DKMS})
    headers = subpackage(f"kernel-devel-{kernel}", files={f"/usr/src/linux-headers-{kernel}/Makefile": "all:\n"})
    shell = subpackage("bash", provides="/bin/sh")
    build(folder, "system", "1", "0", [dkms, headers, shell, subpackage("python3"), subpackage("ca-certificates")])


def main(folder, kernel):
    """All of it."""
    versions = ["570.195.03", "580.95.05", "590.48.01"]
    own, streams, plain = folder / "system", folder / "repos/rhel9/x86_64", folder / "repos/rhel10/x86_64"
    for place in (own, streams):
        place.mkdir(parents=True)
    system(own, kernel)
    for version in versions:
        driver(streams, version)
    shutil.rmtree(streams / "build")
    shutil.copytree(streams, plain)
    signer = Signer("rsa2048")
    for place in (own, streams, plain):
        publish(place, signer)
    signer.close()
    modules(streams, versions)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), sys.argv[2])
