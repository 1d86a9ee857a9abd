"""Breaks servers, disks and clocks while simulated people join, and checks that every promise was kept.

bin/faults F12 F14 plays only those rows. Without a row it plays all of them and rewrites the table in
docs/reliability.md.
"""

import argparse
import shutil
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path

from faults import registry, report
from faults.scene import Scene


def parse_arguments():
    parser = argparse.ArgumentParser("bin/faults", description=__doc__)
    parser.add_argument("rows", nargs="*", help="such as F12")
    parser.add_argument("--rounds", type=int, help="of each fault, instead of its own number")
    parser.add_argument("--dry", action="store_true", help="print, and leave docs/reliability.md as it is")
    parser.add_argument("--sites", type=int, help="break so many sites side by side; implies --dry")
    parser.add_argument("--log", type=Path, help="keep what the processes write in this file")
    return parser.parse_args()


def play(fault, premises, rounds):
    """Play all rounds of a fault. Return its row for the table, and whether every promise was kept."""
    scene, start = Scene(premises, fault.number), time.monotonic()
    for _ in range(rounds):
        try:
            fault.play(scene)
        except Exception as error:
            traceback.print_exc()
            scene.demand(False, f"{type(error).__name__}: {error}")
            premises.kill()  # we don't know what state it left, and the next faults need a working site
        premises.repair()
    verdict = scene.verdict()
    print(
        " | ".join(report.row(fault, rounds, scene, verdict)),
        f"({time.monotonic() - start:.0f} s)",
        flush=True,
    )
    for words in [*verdict.lost, *verdict.doubled, *verdict.wrong]:
        print(f"    {words}", flush=True)
    return report.row(fault, rounds, scene, verdict), verdict.is_kept


def play_all(faults, rounds, log):
    for kind, group in registry.by_premises(faults):
        premises = kind()
        try:
            premises.open()
            for fault in group:
                yield play(fault, premises, max(rounds or fault.rounds, fault.least))
        finally:
            if log:
                shutil.copy(premises.school.log, log)
            premises.close()


def play_side_by_side(faults, rounds, sites):
    """Play them as so many runs of this script, because most of a fault is waiting. Return what was broken.

    Beside the others everything takes longer, so these figures are not for the table.
    """
    command = [sys.executable, "-m", "faults", *([f"--rounds={rounds}"] if rounds else [])]
    shares = [[fault.number for fault in share] for share in registry.deal(faults, sites)]
    runs = [subprocess.Popen([*command, *rows]) for rows in shares]
    try:
        return [f"one of {' '.join(rows)}" for rows, run in zip(shares, runs, strict=True) if run.wait()]
    finally:
        for run in runs:
            run.terminate()
            run.wait()


def main(arguments):
    began, known = time.monotonic(), registry.all_faults()
    if unknown := set(arguments.rows) - set(known):
        raise SystemExit(f"There is no {', '.join(sorted(unknown))}. There are {', '.join(known)}.")
    faults = [known[row] for row in arguments.rows or known]
    if arguments.sites:
        broken = play_side_by_side(faults, arguments.rounds, arguments.sites)
    else:
        outcomes = list(play_all(faults, arguments.rounds, arguments.log))
        broken = [row[0] for row, is_kept in outcomes if not is_kept]
        if not (arguments.rows or arguments.dry or broken):
            report.write(sorted(row for row, _ in outcomes), report.machine())
    print(f"{time.monotonic() - began:.0f} s. {'Broken: ' + ', '.join(broken) if broken else 'All is kept.'}")
    sys.exit(bool(broken))


def end(*_):
    """End by an exception, so that each `finally` ends its processes, and let nobody disturb that.

    A run beside others is asked twice: by bin/ci, which asks all processes of a step, and by the run that started it.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, end)
    main(parse_arguments())
