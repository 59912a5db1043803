"""What the stub repositories hold: NVIDIA's names, versions and dependencies, and next to nothing in the packages."""

from archive import Package

LIBRARY = "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so"

SMI = """#!/bin/sh
# Works only where module and library are one version, as the real one.
library=$(readlink -f /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1)
if [ ! -e /sys/module/nvidia/version ]; then
    echo "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."
    exit 9
fi
if [ "$(cat /sys/module/nvidia/version)" != "${library##*.so.}" ]; then
    echo 'Failed to initialize NVML: Driver/library version mismatch'
    exit 18
fi
echo 'GPU 0: NVIDIA Stub (UUID: GPU-00000000-0000-0000-0000-000000000000)'
"""

DKMS = """#!/bin/sh
# dkms autoinstall: `builds` a module for the running kernel when its headers are there.
kernel=$(uname -r)
for source in /usr/src/nvidia-*/kind; do
    [ -e "$source" ] || continue
    [ -e "/usr/src/linux-headers-$kernel" ] || [ -e "/usr/src/kernels/$kernel" ] || continue
    version=${source#/usr/src/nvidia-}
    mkdir -p "/lib/modules/$kernel/updates/dkms"
    echo "${version%/kind} $(cat "$source")" >"/lib/modules/$kernel/updates/dkms/nvidia"
done
"""

CTK = """#!/bin/sh
case "$1 $2" in
'runtime configure')
    case $3 in
    --runtime=docker) file=/etc/docker/daemon.json ;;
    --runtime=containerd) file=/etc/containerd/config.toml ;;
    --runtime=crio) file=/etc/crio/crio.conf.d/99-nvidia.toml ;;
    *) exit 1 ;;
    esac
    mkdir -p "${file%/*}"
    echo nvidia-container-runtime >>"$file"
    ;;
'cdi generate')
    library=$(readlink -f /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1)
    mkdir -p "$(dirname "${3#--output=}")"
    echo "path: libcuda.so.${library##*.so.}" >"${3#--output=}"
    ;;
*) exit 1 ;;
esac
"""


def unit(name):
    """A file by which a service is known."""
    return {f"/usr/lib/systemd/system/{name}.service": "[Service]\n"}


def driver(version, suffix, distribution=None):
    """One driver. `suffix` is the branch in the names, where it is there: `-580` or nothing."""
    full = f"{version}-1" if distribution is None else f"{version}-0ubuntu0.24.04.1"
    same = f"(= {full})"
    by = {"maintainer": "Ubuntu Core Developers <ubuntu-devel-discuss@lists.ubuntu.com>"} if distribution else {}

    def package(name, depends="", **more):
        return Package(name, full, depends, **by, **more)

    def module(name, kind):
        remove = 'rm -f "/lib/modules/$(uname -r)/updates/dkms/nvidia"'
        source = {f"/usr/src/nvidia-{version}/kind": f"{kind}\n"}
        return package(name, "dkms", files=source, scripts={"postinst": "dkms autoinstall", "prerm": remove})

    common = f"libnvidia-compute{suffix} {same}, nvidia-utils{suffix} {same}, nvidia-persistenced{suffix} {same}"
    links = {f"{LIBRARY}.1": f"libnvidia-ml.so.{version}"}
    yield package(f"libnvidia-compute{suffix}", files={f"{LIBRARY}.{version}": ""}, links=links)
    yield package(f"nvidia-utils{suffix}", files={"/usr/bin/nvidia-smi": SMI})
    yield package(f"nvidia-persistenced{suffix}", files=unit("nvidia-persistenced"))
    yield module(f"nvidia-dkms{suffix}-open", "open")
    yield module(f"nvidia-dkms{suffix}", "proprietary")
    if distribution:
        yield package(f"nvidia-headless{suffix}-open", f"{common}, nvidia-dkms{suffix}-open {same}")
        return
    for meta, kind in (("nvidia-open", "-open"), ("cuda-drivers", "")):
        if suffix:
            # As in NVIDIA's: a driver of the branch that is at least this new.
            yield package(f"{meta}{suffix}", f"{common.replace('(= ', '(>= ')}, nvidia-dkms{suffix}{kind} (>= {full})")
        yield package(meta, f"{meta}{suffix} {same}" if suffix else f"{common}, nvidia-dkms{kind} {same}")


def fabric(version, suffix):
    """What NVSwitches take."""
    files = unit("nvidia-fabricmanager") | {"/usr/share/nvidia/fabricmanager": f"{version} fabric\n"}
    yield Package(f"nvidia-fabricmanager{suffix}", f"{version}-1", files=files)
    yield Package(f"libnvsdm{suffix}", f"{version}-1")


def imex(version, suffix):
    """What joins GPUs of several hosts."""
    files = unit("nvidia-imex") | {"/usr/share/nvidia/imex": f"{version}\n", "/etc/nvidia-imex/config.cfg": "stub\n"}
    return Package(f"nvidia-imex{suffix}", f"{version}-1", files=files)


def pinning(branch):
    """NVIDIA's package of apt preferences, for a branch or one version."""
    name, end = f"nvidia-driver-pinning-{branch}", "." if branch.isdigit() else "-"
    text = f"Package: *nvidia* cuda-drivers* libnv*\nPin: version {branch}{end}*\nPin-Priority: 1000\n"
    # apt passes over files with a full stop in their names.
    file = "/etc/apt/preferences.d/nvidia-driver-pinning"
    one = "nvidia-driver-pinning"
    return Package(name, f"{branch}-1", conflicts=one, provides=one, files={file: text})


def toolkit(version):
    """nvcc of one version, and what must not be taken."""
    program = f"#!/bin/sh\necho 'Cuda compilation tools, release {version}'\n"
    name = f"cuda-toolkit-{version.replace('.', '-')}"
    return Package(name, f"{version}.1-1", files={f"/usr/local/cuda-{version}/bin/nvcc": program})


def cuda(keyring, system):
    """The CUDA repository of a system. Up to 580 the branch is in the names, and on old systems it stays there."""
    yield keyring
    for version in ("570.195.03", "580.65.06", "580.95.05", "590.48.01"):
        branch = version.split(".")[0]
        suffix = f"-{branch}" if branch < "590" or system == "ubuntu2004" else ""
        yield from driver(version, suffix)
        yield from fabric(version, "" if branch >= "580" else suffix)
        yield imex(version, suffix)
        if system != "ubuntu2004":
            yield pinning(version)
    if system != "ubuntu2004":
        yield from map(pinning, ("570", "580", "590"))
    yield Package("nvlsm", "2025.06.6-1")
    yield from map(toolkit, ("12.6", "12.8", "13.0"))
    yield Package("cuda", "13.0.2-1", "cuda-toolkit-13-0, nvidia-open")


def containers():
    """The repository of the container toolkit."""
    for version in ("1.17.8", "1.18.0"):
        full = f"{version}-1"
        yield Package("libnvidia-container1", full)
        yield Package("libnvidia-container-tools", full, f"libnvidia-container1 (>= {full})")
        yield Package("nvidia-container-toolkit-base", full, files={"/usr/bin/nvidia-ctk": CTK})
        depends = f"nvidia-container-toolkit-base (= {full}), libnvidia-container-tools (>= {full})"
        yield Package("nvidia-container-toolkit", full, depends)


def system(kernel):
    """What the system's own archive has: headers, DKMS, a driver of its own."""
    by = {"maintainer": "Debian Maintainers <maintainers@lists.debian.org>"}
    yield Package("dkms", "3.0.10-8", files={"/usr/sbin/dkms": DKMS}, **by)
    yield Package("python3-venv", "3.11.2-1", **by)
    yield Package(f"linux-headers-{kernel}", "1", files={f"/usr/src/linux-headers-{kernel}/Makefile": ""}, **by)
    yield from driver("535.183.01", "-535-server", distribution="Ubuntu")
