#!/usr/bin/env python3
"""Makes the stub repositories below FOLDER, as NVIDIA's servers lay theirs out, for hosts that reach them at URL.

    repository.py FOLDER URL KERNEL
"""

import pathlib
import sys

sys.dont_write_bytecode = True

import packages
from archive import Package, Signer, publish

# The driver's repository has a folder for each system.
SYSTEMS = ("ubuntu2004", "ubuntu2404", "debian12")
KEYRING = "/usr/share/keyrings/cuda-archive-keyring.gpg"


def main(folder, url, kernel):
    """All of them."""
    signer = Signer()
    try:
        for system in SYSTEMS:
            place = f"repos/{system}/x86_64"
            # Always NVIDIA's own servers, as in the real one.
            line = f"deb [signed-by={KEYRING}] https://developer.download.nvidia.com/compute/cuda/{place}/ /\n"
            files = {KEYRING: signer.public(), f"/etc/apt/sources.list.d/cuda-{system}-x86_64.list": line}
            (folder / place).mkdir(parents=True)
            (folder / place / "3bf863cc.pub").write_bytes(signer.public("--armor"))
            publish(folder / place, packages.cuda(Package("cuda-keyring", "1.1-1", files=files), system), signer)
        publish(folder / "containers/stable/deb/amd64", packages.containers(), signer)
        (folder / "containers/gpgkey").write_bytes(signer.public("--armor"))
        publish(folder / "system", packages.system(kernel), signer)
        (folder / "system.gpg").write_bytes(signer.public())
        (folder / "system.list").write_text(f"deb {url}/system/ /\n", encoding="utf-8")
    finally:
        signer.close()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), *sys.argv[2:])
