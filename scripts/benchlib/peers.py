# SPDX-License-Identifier: Apache-2.0
"""The other programs: where they are, and how they are installed."""
import os
import shutil
import subprocess
import sys

from .build import TOP

# Program, or what else may be missing: where it comes from.
TOOLS = {
    'files of 64 TiB': '--out on tmpfs, xfs, btrfs or zfs',
    'ewfacquire': 'package ewf-tools',
    'ewfverify': 'package ewf-tools',
    'mkfs.ext4': 'package e2fsprogs',
    'openssl': 'package openssl',
    'curl': 'package curl',
    'igzip': 'package isal',
    'dc3dd': 'package dc3dd',
    'nginx': 'package nginx',
    'nbdcopy': 'package libnbd-bin',
    'nbdfuse': 'package libnbd-bin',
    'nbdkit': 'package nbdkit',
    'fls': 'package sleuthkit',
    'fio': 'package fio',
    'aws': 'package awscli',
    'coldsnap': 'cargo install coldsnap',
    'dsnap': "pip install 'dsnap[cli]'",
    'perf': 'package linux-perf',
}

SYSTEM = '/usr/sbin:/sbin'


class Peers:
    """`folder' is where --install puts what no package has."""

    def __init__(self, folder):
        self.folder = folder
        self.path = os.pathsep.join([
            os.path.join(folder, 'cargo/bin'), os.path.join(folder, 'bin'),
            os.environ.get('PATH', ''), SYSTEM])

    def find(self, name):
        return shutil.which(name, path=self.path)

    def install(self):
        say('installing packages')
        subprocess.call([os.path.join(TOP, 'scripts/install-deps'),
                         '--test', '--bench'], stdout=sys.stderr)
        if not self.find('coldsnap'):
            self.install_coldsnap()
        if not self.find('dsnap'):
            self.install_dsnap()

    def install_coldsnap(self):
        if not self.find('cargo'):
            say('coldsnap is left out: there is no cargo')
            return
        say('building coldsnap; this takes minutes')
        attempt(['cargo', 'install', '--locked', '--quiet', '--root',
                 os.path.join(self.folder, 'cargo'), 'coldsnap'])

    # Packages of Python go into an environment of their own; only the
    # program is put where it is found.
    def install_dsnap(self):
        venv = os.path.join(self.folder, 'venv')
        say('installing dsnap')
        if not attempt([sys.executable, '-m', 'venv', venv]):
            return
        if attempt([os.path.join(venv, 'bin/pip'), 'install', '--quiet',
                    'dsnap[cli]']):
            os.makedirs(os.path.join(self.folder, 'bin'), exist_ok=True)
            link = os.path.join(self.folder, 'bin/dsnap')
            if not os.path.lexists(link):
                os.symlink(os.path.join(venv, 'bin/dsnap'), link)


def say(text):
    print(f'bench: {text}', file=sys.stderr)


def attempt(command):
    if subprocess.call(command, stdout=sys.stderr) == 0:
        return True
    say(f'{command[0]} failed; going on without')
    return False


VERSIONS = {
    'openssl': ['openssl', 'version'],
    'ewfacquire': ['ewfacquire', '-V'],
    'nginx': ['nginx', '-v'],
    'coldsnap': ['coldsnap', '--version'],
    'dc3dd': ['dc3dd', '--version'],
    'curl': ['curl', '--version'],
    'aws': ['aws', '--version'],
    'igzip': ['igzip', '-V'],
}


def version(peers, name):
    """The first line that it says about itself."""
    path = peers.find(name)
    if not path:
        return None
    command = VERSIONS.get(name)
    if not command:
        return 'installed'
    done = subprocess.run([path] + command[1:], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True,
                          errors='replace', check=False)
    lines = [x for x in done.stdout.splitlines() if x.strip()]
    return lines[0].strip()[:60] if lines else 'installed'
