"""The parts of the benchmark, in the order in which they run. Each has its own block in bench/README.md."""

from bench import compare, tables
from bench.acts import ACTS
from bench.growth import growth
from bench.jobs import jobs
from bench.promises import promises


def comparison(arguments):
    acts = ["join", "class"] if arguments.smoke else arguments.acts or ACTS
    rows = compare.compare(acts, 3 if arguments.smoke else arguments.seconds)
    ratio = float(rows[0][10])
    met = "kept" if ratio >= compare.LEAST else "not kept"
    promise = f"Promised: a join at least {compare.LEAST} of the yardstick. Measured: {ratio:.2f}, {met}."
    return f"{tables.table(compare.HEAD, rows)}\n\n{promise}"


PARTS = {"compare": comparison, "promises": promises, "growth": growth, "jobs": jobs}


def run(name, arguments):
    text = f"{PARTS[name](arguments)}\n\n{tables.machine(arguments.note)}"
    print(f"\n{text}\n", flush=True)
    if not (arguments.smoke or arguments.dry or arguments.acts):
        tables.write(name, text)
