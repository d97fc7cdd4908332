# SPDX-License-Identifier: Apache-2.0
"""From the command line to the report."""
import json
import os
import shutil
import signal
import subprocess
import sys

from . import bench as benches
from . import build, goals, machine, options, peers, profile, report, rounds
from .build import TOP


def print_goals(chosen):
    for g in chosen:
        print(f'{g.name:42}{g.text():8}{g.what}')


def enough_room(folder, out, smoke):
    if smoke:
        return
    for path, need in ((folder, benches.ROOM_DIR), (out, benches.ROOM_OUT)):
        if benches.free(path) < need:
            sys.exit(f'bench: {path} has '
                     f'{benches.free(path) >> 20} MiB free; up to '
                     f'{need >> 20} are needed')


def measured(o):
    """The subjects that the chosen goals need; all of them when all goals
    are chosen, since some are there for comparison alone."""
    if not o.only:
        return report.order([s.name for s in report.subjects.SUBJECTS])
    return report.order({u for g in o.goals for u in g.uses})


def run(o, bench):
    bench.subjects = measured(o)
    about = machine.describe(bench)
    turn = rounds.Rounds(bench, bench.subjects)
    if not o.smoke:
        benches.warm(bench.out)
    turn.run(o.rounds)
    where = profile.run(bench) if o.profile else []
    best = rounds.at_best(o.goals, turn, report.subjects.BY_THE_CLOCK,
                          about['cpus'])
    return report.collect(o, about, turn, rounds.evaluate(o.goals, turn),
                          best, where)


def finish(o, result):
    print(report.text(result))
    if o.json:
        with open(o.json, 'w') as f:
            json.dump(result, f, indent=1)
            f.write('\n')
    return 1 if result['failed'] else 0


def folders(o):
    """Where the data is kept, and where the measured programs write."""
    folder = os.path.abspath(o.dir or os.path.join(TOP, 'build-bench/bench'))
    os.makedirs(folder, exist_ok=True)
    out = benches.choose_out(o, folder)
    os.makedirs(out, exist_ok=True)
    enough_room(folder, out, o.smoke)
    return folder, out


def measure_all(o):
    signal.signal(signal.SIGTERM, lambda n, frame: sys.exit(143))
    folder, out = folders(o)
    others = peers.Peers(os.path.join(folder, 'peers'))
    if o.install:
        others.install()
    bench = benches.Bench(o, build.get(o), others, folder, out)
    try:
        return finish(o, run(o, bench))
    finally:
        bench.stop()
        for name in ('run', 'profile'):
            shutil.rmtree(os.path.join(out, name), ignore_errors=True)
        if not os.listdir(out):
            os.rmdir(out)


def main():
    o = options.parse(sys.argv[1:])
    if o.list:
        print_goals(o.goals)
        return 0
    try:
        if o.table:
            report.show_table(o.table, o.into)
            return 0
        return measure_all(o)
    except KeyboardInterrupt:
        return 130
    except (OSError, RuntimeError, subprocess.CalledProcessError) as why:
        print(f'bench: {why}', file=sys.stderr)
        return 1
