# SPDX-License-Identifier: Apache-2.0
"""An optimized build to measure, apart from every other build."""
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

TOOLS = ('measure', 'fetch-floor', 'audit-cost', 'list-volume')


class Build:
    """Paths of the programs in a build directory."""

    def __init__(self, top):
        self.top = os.path.abspath(top)
        self.ebsimg = os.path.join(self.top, 'ebsimg')
        self.emulator = os.path.join(self.top, 'tests/emulator/ebs-emulator')

    def tool(self, name):
        return os.path.join(self.top, 'tests/bench', name)

    def missing(self):
        all_of_them = [self.ebsimg, self.emulator]
        all_of_them += [self.tool(t) for t in TOOLS]
        return [p for p in all_of_them if not os.access(p, os.X_OK)]


def make(directory):
    """Two runs of make: `all' is a make of its own, which would make the same
    objects at the same time."""
    script = os.path.join(TOP, 'scripts/build-in')
    targets = ['tests/emulator/ebs-emulator']
    targets += [f'tests/bench/{t}' for t in TOOLS]
    log = os.path.join(directory, 'build.log')
    os.makedirs(directory, exist_ok=True)
    with open(log, 'w') as out:
        for goals in (['all'], targets):
            if subprocess.call([script, directory, '--'] + goals, stdout=out,
                               stderr=subprocess.STDOUT) != 0:
                sys.exit(f'bench: the build failed; see {log}')


def get(options):
    if options.build:
        b = Build(options.build)
    else:
        directory = os.path.join(TOP, 'build-bench')
        print(f'building in {directory}', file=sys.stderr)
        make(directory)
        b = Build(directory)
    if b.missing():
        sys.exit('bench: not built: ' + ' '.join(b.missing()))
    return b
