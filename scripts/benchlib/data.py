# SPDX-License-Identifier: Apache-2.0
"""The volumes that are measured with, and the emulator's snapshots of them.

  fs       1 GiB: an ext4 file system, 86 % full of files of this system's
           /usr.  Every block is stored, as on a volume that was in use for
           years: a block that was never written costs an acquirer nothing.
  rand     1 GiB of bytes that do not deflate, as an encrypted volume's
  zeros    stored zeros, for what is bound by requests
  holes*   blocks that were never written
  mem-*    2048 random blocks, near each other or far apart
  list     every block of 64 TiB, to be listed and not fetched
  cold     64 blocks
  inodes   8 GiB with 178,000 small files
  trail    no volume: files of CloudTrail, a record for each block

What takes long to make is kept in the folder and used again.
"""
import hashlib
import os
import shutil
import subprocess
import sys

from . import inodes, trail

GIB = 1 << 30
MIB = 1 << 20
BLOCK = 512 * 1024
LARGEST_FILE = 64 * MIB
USR = ('bin', 'sbin', 'lib', 'libexec', 'include', 'share')


class Sizes:
    """How much of everything: --quick has less, --smoke next to nothing."""

    def __init__(self, options):
        pick = 2 if options.smoke else 1 if options.quick else 0
        self.data = (GIB, GIB, 16 * MIB)[pick]     # of fs and rand
        self.full = (0.86, 0.86, 0.5)[pick]        # how much of fs is files
        self.usr = (USR, USR, ('bin',))[pick]      # from where
        self.holes_gib = (4, 2, 1)[pick]
        self.few_gib = (8, 2, 1)[pick]             # of holes, and
        self.many_gib = (64, 8, 1)[pick]          # many times as much
        self.zeros_gib = (8, 2, 1)[pick]
        self.list_gib = (65536, 2048, 1)[pick]
        self.mem_blocks = (2048, 1024, 8)[pick]
        self.cold_blocks = (64, 64, 8)[pick]
        self.audit_rows = (2048 * 128, 2048 * 128, 2048)[pick]
        self.trail_records = (400000, 100000, 2000)[pick]
        self.inodes = (178000, 178000, 300)[pick]
        self.inodes_gib = (8, 8, 1)[pick]
        # What is slow and even is done in part, and extrapolated.
        self.cli_blocks = (40, 5, 1)[pick]
        self.rand_parts = (1, 4, 1)[pick]


class Data:
    def __init__(self, folder, emulator, sizes):
        self.folder = folder
        self.emulator = emulator
        self.sizes = sizes
        self.store = os.path.join(folder, 'store')
        os.makedirs(folder, exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name + '.img')

    # ------------------------------------------------------------- images

    def image(self, name):
        """The raw image of `fs' or `rand', made when it is not there."""
        path = self.path(name)
        if not os.path.exists(path):
            say(f'making {path}')
            part = path + '.part'
            {'fs': self.make_fs, 'rand': self.make_rand,
             'inodes': self.make_inodes}[name](part)
            os.rename(part, path)
        return path

    def trail(self):
        """The folder with files of CloudTrail, made when it is not there."""
        n = self.sizes.trail_records
        path = os.path.join(self.folder, f'trail-{n}')
        if not os.path.exists(path):
            say(f'making {path}')
            shutil.rmtree(path + '.part', ignore_errors=True)
            trail.make(path + '.part', n)
            os.rename(path + '.part', path)
        return path

    def volume_md5(self, name):
        """Of the whole volume, what an acquisition must have found."""
        path = self.path(name) + '.md5'
        if not os.path.exists(path):
            digest = hashlib.md5()
            with open(self.image(name), 'rb') as f:
                for block in iter(lambda: f.read(MIB), b''):
                    digest.update(block)
            for _ in range(-os.path.getsize(self.path(name)) % GIB // MIB):
                digest.update(bytes(MIB))
            with open(path, 'w') as f:
                f.write(digest.hexdigest())
        with open(path) as f:
            return f.read()

    def make_fs(self, path):
        staging = os.path.join(self.folder, 'staging')
        shutil.rmtree(staging, ignore_errors=True)
        sparse = path + '.sparse'
        size = self.sizes.data
        copy_files(staging, self.sizes.usr, int(size * self.sizes.full))
        with open(sparse, 'w') as f:
            f.truncate(size)
        subprocess.check_call(
            ['mkfs.ext4', '-q', '-F', '-b', '4096', '-m', '0', '-d', staging,
             sparse], env=with_sbin(), stdout=sys.stderr)
        subprocess.check_call(['cp', '--sparse=never', sparse, path])
        os.remove(sparse)
        shutil.rmtree(staging)

    def make_rand(self, path):
        """The key stream of AES: the same bytes every time."""
        with open('/dev/zero', 'rb') as zeros, open(path, 'wb') as out:
            head = subprocess.Popen(['head', '-c', str(self.sizes.data)],
                                    stdin=zeros, stdout=subprocess.PIPE)
            subprocess.check_call(
                ['openssl', 'enc', '-aes-128-ctr', '-nosalt', '-K', '5a' * 16,
                 '-iv', '00' * 16], stdin=head.stdout, stdout=out)
            head.wait()

    def make_inodes(self, path):
        inodes.make(path, os.path.join(self.folder, 'staging'),
                    self.sizes.inodes, self.sizes.inodes_gib * GIB,
                    with_sbin())

    # ---------------------------------------------------------- snapshots

    def definition(self, name):
        """What the emulator makes the snapshot with."""
        s = self.sizes
        holes = {'holes': s.holes_gib, 'holes-few': s.few_gib,
                 'holes-many': s.many_gib}
        far = {'mem-1g': 1, 'mem-1t': 1024, 'mem-64t': 65536}
        if name in ('fs', 'rand'):
            return ['import', name, str(s.data), str(s.full)]
        if name == 'inodes':
            return ['import', name, str(s.inodes), str(s.inodes_gib)]
        if name in holes:
            return ['holes', str(holes[name])]
        if name == 'zeros':
            return synth(s.zeros_gib, 1, '--pattern', 'zero')
        if name == 'list':
            return synth(s.list_gib, 1)
        if name == 'cold':
            return synth(1, 2048 // s.cold_blocks)
        return synth(far[name], far[name] * 2048 // s.mem_blocks)

    def id(self, name):
        """Named after how it is made: another way is another snapshot."""
        text = ' '.join(self.definition(name))
        return 'snap-' + hashlib.sha256(text.encode()).hexdigest()[:17]

    def snapshot(self, name):
        """The id of a snapshot, made when it is not in the store."""
        snapshot = self.id(name)
        if not os.path.exists(os.path.join(self.store, snapshot + '.json')):
            say(f'making the snapshot {name}')
            command, *words = self.definition(name)
            words += ['--snapshot', snapshot]
            if command == 'import':
                self.import_image(name, words[3:])
            elif command == 'holes':
                self.import_holes(int(words[0]), words[1:])
            else:
                self.run(command, words)
        return snapshot

    def import_image(self, name, words):
        """Volumes are whole GiB; a smaller image (--smoke) gets a hole at
        its end for the import."""
        path = self.image(name)
        if os.path.getsize(path) % GIB == 0:
            self.run('import', words + ['--image', path])
            return
        volume = path + '.volume'
        shutil.copyfile(path, volume)
        os.truncate(volume, GIB)
        self.run('import', words + ['--image', volume])
        os.remove(volume)

    def import_holes(self, gib, words):
        path = os.path.join(self.folder, 'holes.img')
        with open(path, 'w') as f:
            f.truncate(gib * GIB)
        self.run('import', words + ['--image', path])
        os.remove(path)

    def run(self, command, words):
        subprocess.check_call([self.emulator, command, '--store', self.store]
                              + words, stdout=subprocess.DEVNULL)


def synth(gib, every, *words):
    return ['synth', '--size-gib', str(gib), '--stored-every', str(every),
            *words]


def say(text):
    print(f'bench: {text}', file=sys.stderr)


def with_sbin():
    return {**os.environ, 'LC_ALL': 'C',
            'PATH': os.environ.get('PATH', '') + ':/usr/sbin:/sbin'}


def candidates(folders):
    """The plain files below /usr, in an order that mixes all kinds and is
    the same every time."""
    names = []
    for top in folders:
        for folder, _, files in os.walk(os.path.join('/usr', top)):
            for name in files:
                path = os.path.join(folder, name)
                if os.path.isfile(path) and not os.path.islink(path):
                    names.append(path)
    names.sort(key=lambda p: hashlib.sha256(os.fsencode(p)).digest())
    return names


def copy_files(to, folders, room):
    """Copies files until `room' bytes are used; each takes whole blocks and
    an inode."""
    for path in candidates(folders):
        size = os.path.getsize(path)
        cost = (size + 4095) // 4096 * 4096 + 512
        if size > LARGEST_FILE or cost > room:
            continue
        target = to + path
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(path, target)
        room -= cost
        if room < 4096:
            break
