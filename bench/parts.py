"""The parts of the benchmark, in the order in which they run. Each has its own block in bench/README.md."""

from bench import compare, tables
from bench.acts import ACTS
from bench.growth import growth
from bench.jobs import jobs
from bench.promises import promises


def comparison(arguments):
    acts = ["join", "class", "poll"] if arguments.smoke else arguments.acts or ACTS
    turns, share = (1, 0.1) if arguments.smoke else (compare.TURNS, 1)
    return tables.table(compare.HEAD, compare.compare(acts, turns, share))


PARTS = {"compare": comparison, "promises": promises, "growth": growth, "jobs": jobs}


def run(name, arguments):
    text = f"{PARTS[name](arguments)}\n\n{tables.machine(arguments.note)}"
    print(f"\n{text}\n", flush=True)
    if not (arguments.smoke or arguments.dry or arguments.acts):
        tables.write(name, text)
