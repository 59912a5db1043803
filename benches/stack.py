"""The resolver over every release with every Python, system and GPU of the tables. Needs no network and no host."""

import json

from measure import BUILD_LIMIT_S, median, mib, run, say, table

# The resolver touches no host and no cloud: their features are minutes of compiling.
BUILD = ["cargo", "build", "--quiet", "--locked", "--release", "--no-default-features", "--bench", "stack", "--message-format=json"]


def program():
    """The benchmark itself, built: its name has a digest in it, which cargo tells."""
    messages = [json.loads(line) for line in run(BUILD, limit_s=BUILD_LIMIT_S).output.splitlines() if line.startswith("{")]
    return next(m["executable"] for m in messages if m.get("executable") and m["target"]["name"] == "stack")


def stack():
    """One process per walk, reading the tables included."""
    own = program()
    it = median([run([own]) for _ in range(5)])
    stacks, answers, chains = (f"{int(number):,}" for number in it.output.split())
    say(f"{stacks} stacks: {it.cpu_s:.2f} s")
    print("\n## The resolver\n\nEvery stack of the grid, one process on one core, median of 5; the goal is 1 s.")
    head = ["stacks", "answers", "chains", "wall s", "CPU s", "max RSS MiB"]
    table(head, [[stacks, answers, chains, f"{it.wall_s:.2f}", f"{it.cpu_s:.2f}", mib(it.rss_mib)]])
