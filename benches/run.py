"""`./dev bench [startup] [scale] [stack] [hosts]`: measures a release build and prints the tables of docs/benchmarks.md."""

import os
import platform
import sys
import tomllib
from datetime import date

from hosts import converged
from lab import host
from measure import BUILD_LIMIT_S, run
from scale import scale, startup
from stack import stack

PARTS = ("startup", "scale", "stack", "hosts")


def main(parts):
    unknown = set(parts) - set(PARTS)
    if unknown:
        sys.exit(f"bench: unknown part `{unknown.pop()}`; there are {', '.join(PARTS)}")
    wanted = parts or PARTS
    load = os.getloadavg()[0]
    with open("Cargo.toml", "rb") as manifest:
        version = tomllib.load(manifest)["package"]["version"]
    print(f"aether {version}, {date.today()}, {os.cpu_count()} cores, Linux {platform.release()}, load at the start {load:.1f}")
    if "stack" in wanted:
        stack()
    if set(wanted) == {"stack"}:
        return
    run(["cargo", "build", "--quiet", "--locked", "--release"], limit_s=BUILD_LIMIT_S)
    aether = f"{os.environ['CARGO_TARGET_DIR']}/release/aether"
    if "startup" in wanted:
        startup(aether)
    if "scale" in wanted:
        scale(aether)
    if "hosts" in wanted:
        with host() as one:
            converged(aether, one)


if __name__ == "__main__":
    main(sys.argv[1:])
