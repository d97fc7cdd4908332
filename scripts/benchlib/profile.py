# SPDX-License-Identifier: Apache-2.0
"""Where the time of an acquisition goes, by perf's samples.

By thread and library, because threads are named after their work and the
insides of libcrypto have no names."""
import os
import re
import shutil
import subprocess

LEAST = 0.5  # per cent; the others are one line


def label(thread, library):
    library = library.strip('[]').split('.so')[0].split('.')[0]
    return f'{thread}: {library}'


def read(report):
    """Lines like "  12.34%  worker  libisal.so.2"."""
    found = re.findall(r'^\s*([0-9.]+)%\s+(\S+)\s+(\S+)', report, re.M)
    shares = [(label(thread, library), float(share))
              for share, thread, library in found]
    large = [s for s in shares if s[1] >= LEAST]
    rest = sum(s[1] for s in shares if s[1] < LEAST)
    return large + [('all others', round(rest, 2))] if large else []


def run(bench):
    """[(thread and library, per cent)], empty when perf cannot be used
    here."""
    perf = bench.peers.find('perf')
    folder = os.path.join(bench.out, 'profile')
    if not perf:
        return []
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    try:
        return read(watch(bench, perf, folder))
    except subprocess.CalledProcessError:
        return []
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def watch(bench, perf, folder):
    """Samples by time, since virtual machines often count no cycles."""
    data = os.path.join(folder, 'perf.data')
    quiet = {'check': True, 'stderr': subprocess.DEVNULL}
    subprocess.run([perf, 'record', '-q', '-e', 'cpu-clock', '-F', '997',
                    '-o', data]
                   + bench.acquire('fs', os.path.join(folder, 'x')),
                   env=bench.environment(), stdout=subprocess.DEVNULL,
                   **quiet)
    return subprocess.run([perf, 'report', '-i', data, '--stdio', '--sort',
                           'comm,dso'], stdout=subprocess.PIPE, text=True,
                          **quiet).stdout
