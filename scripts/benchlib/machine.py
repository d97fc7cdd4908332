# SPDX-License-Identifier: Apache-2.0
"""What the figures were measured on."""
import os
import platform

from . import bench as paths
from .peers import TOOLS, version


def first_line(path, name):
    try:
        with open(path) as f:
            for line in f:
                if line.startswith(name):
                    return line.split(':' if ':' in line else '=', 1)[1] \
                        .strip().strip('"')
    except OSError:
        pass
    return '?'


def memory_gib():
    return int(first_line('/proc/meminfo', 'MemTotal').split()[0]) / 2**20


def describe(bench):
    used = sorted({n for s in bench.subjects for n in s.needs}
                  | {'openssl'})
    return {
        'cpu': first_line('/proc/cpuinfo', 'model name'),
        'cpus': len(os.sched_getaffinity(0)),
        'memory_gib': round(memory_gib(), 1),
        'kernel': platform.release().split('-')[0],
        'system': first_line('/etc/os-release', 'PRETTY_NAME'),
        'output_on': paths.file_system(bench.out),
        # Others at work make every figure worse.
        'load_at_start': os.getloadavg()[0],
        'versions': {n: version(bench.peers, n) for n in used
                     if n in TOOLS},
    }
