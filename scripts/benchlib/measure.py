# SPDX-License-Identifier: Apache-2.0
"""One run of one command, and what it cost."""
import json
import os
import subprocess


class Failed(Exception):
    """A subject did not do what it is measured for."""


def last_words(path):
    with open(path, errors='replace') as f:
        lines = [line.strip() for line in f.read().splitlines()
                 if line.strip()]
    return lines[-1] if lines else 'it said nothing'


def run(tool, folder, command, env, timeout):
    """Runs `command' in `folder' under the program tests/bench/measure; the
    sample has user, system, cpu, wall (seconds) and peak_kib.  What it
    prints is in folder/said."""
    result = os.path.join(folder, 'cost.json')
    said = os.path.join(folder, 'said')
    with open(said, 'w') as out:
        child = subprocess.Popen([tool, result] + command, cwd=folder,
                                 env=env, stdin=subprocess.DEVNULL,
                                 stdout=out, stderr=subprocess.STDOUT,
                                 start_new_session=True)
        try:
            child.wait(timeout=timeout)
        except BaseException as why:
            kill_group(child)
            if isinstance(why, subprocess.TimeoutExpired):
                raise Failed(f'it takes more than {timeout} s') from None
            raise
    return read(result, said)


def kill_group(child):
    """The command may have children of its own."""
    try:
        os.killpg(child.pid, 9)
    except ProcessLookupError:
        pass
    child.wait()


def read(result, said):
    try:
        with open(result) as f:
            sample = json.load(f)
    except (OSError, ValueError):
        raise Failed(last_words(said)) from None
    if sample.pop('status') != 0:
        raise Failed(last_words(said))
    sample['cpu'] = sample['user'] + sample['system']
    return sample
