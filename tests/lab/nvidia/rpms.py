#!/usr/bin/env python3
"""Makes stub dnf repositories below FOLDER, on a host that has rpmbuild, rpmsign, createrepo_c and gpg.

    rpms.py FOLDER

`system` stands for the systems' own, which have `epel-release` but not what is in `epel`. `repos/SYSTEM/x86_64` are
NVIDIA's: all but that of RHEL 10 have module streams. `containers` is that of the container toolkit.
"""

import pathlib
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True

from archive import Signer
from packages import CTK, DKMS, SMI

LIBRARY = "/usr/lib64/libnvidia-ml.so"
EPOCH = "3"
STREAMS = ("rhel8", "rhel9", "amzn2023")
DRIVERS = ("570.195.03", "580.95.05", "590.48.01")

# What the kernels that the systems are to have bring: names, version, release.
KERNELS = (
    ("kernel-devel", "4.18.0", "553.el8_10"),
    ("kernel-devel", "5.14.0", "427.13.1.el9_4"),
    ("kernel-devel", "6.12.0", "55.9.1.el10_0"),
    ("kernel-uek-devel", "5.15.0", "206.153.7.el9uek"),
    # Amazon's, as it was in 2025: the series stands in one name and not yet in the other.
    ("kernel-devel", "6.12.20", "23.97.amzn2023"),
    ("kernel6.12-modules-extra", "6.12.20", "23.97.amzn2023"),
)

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


def subpackage(name, requires=(), files=None, scripts=None, tags=""):
    """One part of a spec: its header, what puts its files in place, and its list of files."""
    needs = "".join(f"Requires: {need}\n" for need in requires) + tags
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
    text = "".join(f"%{script} -n {name}\n{does}\n" for script, does in (scripts or {}).items())
    return header, install, f"{text}%files -n {name}\n{listed}"


def build(folder, name, version, parts, tags="BuildArch: noarch\n"):
    """Runs rpmbuild on a spec of these parts."""
    folder.mkdir(parents=True, exist_ok=True)
    headers, installs, files = ("".join(part) for part in zip(*parts))
    spec = f"Name: {name}\nVersion: {version}\nRelease: 1\nSummary: stub\nLicense: none\n{tags}"
    spec += f"%description\nstub\n{headers}%install\n{installs}{files}"
    path = folder / f"{name}.spec"
    path.write_text(spec, encoding="utf-8")
    settings = {
        "_topdir": f"{folder}/build",
        "_rpmdir": str(folder),
        "_build_name_fmt": "%%{NAME}-%%{VERSION}-%%{RELEASE}.rpm",
    }
    subprocess.run(["rpmbuild", "-bb", "--quiet", *defines(settings), str(path)], check=True)
    path.unlink()
    shutil.rmtree(folder / "build")


def defines(settings):
    """Options of rpm's programs that set its macros."""
    return [f"--define={name} {value}" for name, value in settings.items()]


def driver(folder, version):
    """One driver, with modules of both kinds."""
    unit = {"/usr/lib/systemd/system/nvidia-persistenced.service": "[Service]\n"}
    library = {f"{LIBRARY}.{version}": "", f"{LIBRARY}.1": f"-> libnvidia-ml.so.{version}"}
    parts = [
        subpackage("nvidia-driver-libs", files=library),
        subpackage("nvidia-driver-cuda", files={"/usr/bin/nvidia-smi": where(SMI)}),
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
        # rpm takes a search path of its own, without what this host fakes.
        path, place = "PATH=/usr/local/sbin:$PATH", f"/usr/src/nvidia-{version}/kind"
        scripts = {
            "post": f"{path}; cp {place}.{kind} {place}; dkms autoinstall",
            "preun": f"{path}; rm -f {place} /lib/modules/$(uname -r)/updates/dkms/nvidia",
        }
        parts.append(subpackage(module, ["dkms"], source, scripts))
        parts.append(subpackage(meta, [*common, f"{module} {same}"]))
    build(folder, "driver", version, parts, f"BuildArch: noarch\nEpoch: {EPOCH}\n")


def where(program):
    """The program as it is where libraries are in /usr/lib64."""
    return program.replace("/usr/lib/x86_64-linux-gnu", "/usr/lib64")


def toolkit(folder, version):
    """nvcc of one version."""
    program = f"#!/bin/sh\necho 'Cuda compilation tools, release {version}'\n"
    name = f"cuda-toolkit-{version.replace('.', '-')}"
    build(folder, "toolkit", f"{version}.1", [subpackage(name, files={f"/usr/local/cuda-{version}/bin/nvcc": program})])


def containers(folder):
    """The container toolkit."""
    names = ("libnvidia-container1", "libnvidia-container-tools", "nvidia-container-toolkit")
    for version in ("1.17.8", "1.18.0"):
        parts = [subpackage("nvidia-container-toolkit-base", files={"/usr/bin/nvidia-ctk": where(CTK)})]
        build(folder, "containers", version, [*parts, *map(subpackage, names)])


def modules(folder):
    """The streams of `nvidia-driver`: packages outside of the enabled one are hidden."""
    names = ["nvidia-driver-libs", "nvidia-driver-cuda", "nvidia-persistenced"]
    kinds = {"open": ["kmod-nvidia-open-dkms", "nvidia-open"], "dkms": ["kmod-nvidia-latest-dkms", "cuda-drivers"]}
    text = ""
    for version in DRIVERS:
        for kind, own in kinds.items():
            artifacts = "".join(f"      - {name}-{EPOCH}:{version}-1.noarch\n" for name in [*names, *own])
            stream = f"{version.split('.')[0]}-{kind}"
            text += MODULE.format(stream=stream, artifacts=artifacts)
    (folder / "modules.yaml").write_text(text, encoding="utf-8")
    subprocess.run(["modifyrepo_c", "--mdtype=modules", "modules.yaml", "repodata"], cwd=folder, check=True)


def sign(folder, signer):
    """Signs every package; the keys lie where NVIDIA puts its own."""
    settings = {"__gpg": "/usr/bin/gpg", "_gpg_path": signer.home, "_gpg_name": "stub@example.com"}
    subprocess.run(["rpmsign", *defines(settings), "--addsign", *map(str, folder.glob("*.rpm"))], check=True)
    for name in ("D42D0685.pub", "CDF6BA43.pub"):
        (folder / name).write_bytes(signer.public("--armor"))


def publish(folder):
    """Lists the packages of a folder."""
    subprocess.run(["createrepo_c", "--quiet", "."], cwd=folder, check=True)


def system(folder):
    """What the systems' own repository has. The shell is Debian's, which rpm knows nothing of."""
    shell = subpackage("bash", tags="Provides: /bin/sh\n")
    source = {"/etc/yum.repos.d/epel.repo": "[epel]\nname=epel\nbaseurl=file:///srv/www/epel\ngpgcheck=0\n"}
    epel = [subpackage(name, files=source) for name in ("epel-release", "oracle-epel-release-el9")]
    build(folder, "system", "1", [shell, *epel, subpackage("python3"), subpackage("ca-certificates")])
    # Packages of one name are of different versions, so each is a spec of its own.
    for number, (name, version, release) in enumerate(KERNELS):
        files = {f"/usr/src/kernels/{version}-{release}.x86_64/{name}": ""}
        tags = f"Version: {version}\nRelease: {release}\n"
        build(folder, f"kernel-{number}", "1", [subpackage(name, files=files, tags=tags)], "")


def main(folder):
    """All of it."""
    system(folder / "system")
    build(folder / "epel", "epel", "3", [subpackage("dkms", files={"/usr/sbin/dkms": DKMS})])
    nvidia = folder / "repos/rhel10/x86_64"
    for version in DRIVERS:
        driver(nvidia, version)
    for version in ("12.8", "13.0"):
        toolkit(nvidia, version)
    signer = Signer("rsa2048")
    sign(nvidia, signer)
    for name in STREAMS:
        shutil.copytree(nvidia, folder / f"repos/{name}/x86_64")
    for place in (folder / "system", folder / "epel", *(folder / "repos").glob("*/x86_64")):
        publish(place)
    for name in STREAMS:
        modules(folder / f"repos/{name}/x86_64")
    # This one signs its list, and no package.
    toolkits = folder / "containers/stable/rpm/x86_64"
    containers(toolkits)
    publish(toolkits)
    (folder / "containers/gpgkey").write_bytes(signer.public("--armor"))
    text = (toolkits / "repodata/repomd.xml").read_bytes()
    (toolkits / "repodata/repomd.xml.asc").write_bytes(signer.gpg("--detach-sign", "--armor", data=text))
    signer.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
