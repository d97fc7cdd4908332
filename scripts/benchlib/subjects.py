# SPDX-License-Identifier: Apache-2.0
"""The table of what is measured: names, command lines, what they need."""
import glob
import os
import shlex
import subprocess

from . import triage
from .data import BLOCK, GIB
from .measure import Failed
from .servers import REGION


class Subject:
    """`command(bench, folder)' gives the command line; folder is empty and
    goes away afterwards.  `after(bench, folder, sample)' adds to the sample
    what is not time: sizes, counts.  `needs' are programs, see peers.TOOLS;
    `once' is for what does not vary, or takes long."""

    def __init__(self, name, what, command, needs=(), after=None,
                 once=False, server=None, scale=None):
        self.name = name
        self.what = what
        self.command = command
        self.needs = needs
        self.after = after
        self.once = once
        self.server = server
        self.scale = scale


# ---------------------------------------------------------------- commands

def acquire(name, *words, **more):
    return lambda b, d: b.acquire(name, os.path.join(d, 'x'), *words, **more)


def fetch_floor(kind):
    def command(b, d):
        words = [b.build.tool('fetch-floor'), '--connections', '16',
                 '--ca-bundle', b.tls.ca]
        if kind != 'nginx':
            words.append('--sign')
        return words + [b.url_list(kind, b.data.snapshot('fs'))]
    return command


def openssl(digest):
    return lambda b, d: ['openssl', 'dgst', '-' + digest, b.data.image('fs')]


# -2 is the level that ebsimg uses for `fast'.
def igzip(b, d):
    return ['igzip', '-2', '-k', '-o', os.path.join(d, 'x.gz'),
            b.data.image('fs')]


def ewfacquire(name):
    return lambda b, d: ['ewfacquire', '-u', '-q', '-c', 'fast', '-d',
                         'sha1,sha256', '-t', os.path.join(d, 'x'),
                         b.data.image(name)]


def ewfacquire_rand(b, d):
    part = b.sizes.data // b.sizes.rand_parts
    return ewfacquire('rand')(b, d) + ['-B', str(part)]


def coldsnap(b, d):
    return ['coldsnap', '--region', REGION, '--endpoint',
            b.server('tls').url, 'download', '--no-progress',
            b.data.snapshot('fs'), os.path.join(d, 'x.img')]


def dsnap(b, d):
    return ['dsnap', '--region', REGION, 'get', '--output', d,
            b.data.snapshot('fs')]


# One process for each block: that is how a script would use it.
def aws(b, d):
    snapshot = b.data.snapshot('fs')
    blocks = b.listing(b.server('tls'), snapshot)[:b.sizes.cli_blocks]
    script = os.path.join(d, 'get')
    with open(script, 'w') as f:
        for index, token in blocks:
            f.write(f'aws ebs get-snapshot-block --snapshot-id {snapshot} '
                    f'--block-index {index} --block-token {token} '
                    f'{d}/{index} || exit 1\n')
    return ['sh', script]


def dc3dd(b, d):
    return ['dc3dd', 'if=' + b.data.image('fs'), 'hash=md5', 'hash=sha1',
            'hash=sha256', 'of=' + os.path.join(d, 'x.img'), 'verb=off']


def list_volume(b, d):
    return [b.build.tool('list-volume'), b.data.snapshot('list'),
            b.server('tls').url, b.tls.ca]


def cold(b, d):
    return b.acquire('cold', os.path.join(d, 'x'), '-f', 'raw', '--hash',
                     'none', '--connections', '64', kind='slow',
                     ca_bundle=b.large_bundle())


# From the first question to the last byte in the file; the server prints its
# address when it is ready.
SERVED = """mkfifo address
{serve} --quiet --socket {folder}/nbd --log . >address &
pid=$!
read -r uri <address
nbdcopy "$uri" x.img
status=$?
kill $pid
wait $pid && exit $status
"""


def served(b, d):
    serve = [b.build.ebsimg, 'serve', b.data.snapshot('fs'), '--region',
             REGION, '--endpoint-url', b.server('tls').url, '--ca-bundle',
             b.tls.ca, '--rate', '100000']
    script = os.path.join(d, 'copy')
    with open(script, 'w') as f:
        f.write(SERVED.format(serve=shlex.join(serve),
                              folder=shlex.quote(d)))
    return ['sh', script]


def readers(b, d):
    return [b.build.ebsimg, 'readers', '--cloudtrail', b.data.trail()]


def zcat(b, d):
    return ['sh', '-c', 'zcat "$1"/*.gz >/dev/null', 'sh', b.data.trail()]


def audit_cost(b, d):
    rows = b.sizes.audit_rows
    return [b.build.tool('audit-cost'), d, str(rows), str(rows // 100)]


# ----------------------------------------------------------- what they left

def size_of(pattern):
    return sum(os.path.getsize(p) for p in glob.glob(pattern))


def image_size(b, d, sample):
    sample['bytes'] = size_of(os.path.join(d, 'x.E??'))


def right(name, then=None):
    """A wrong image is not a fast one."""
    def after(b, d, sample):
        sums = os.path.join(d, 'x.md5')
        if os.path.exists(sums):
            with open(sums) as f:
                if b.data.volume_md5(name) not in f.read():
                    raise Failed(f'{sums} has not the MD5 of the volume')
        elif not b.options.smoke:
            raise Failed('it computed no MD5')
        if then:
            then(b, d, sample)
    return after


def sizes(b, d, sample):
    image_size(b, d, sample)
    sample['record_bytes'] = size_of(os.path.join(d, 'x.blocks')) \
        + size_of(os.path.join(d, 'x.log.jsonl'))
    sample['blocks'] = b.sizes.data // BLOCK


def holes(b, d, sample):
    image_size(b, d, sample)
    sample['gib'] = b.sizes.holes_gib
    sample['requests'] = b.server('tls').answered(
        '"GetSnapshotBlock"', b.data.id('holes'))


def chunks(of):
    def after(b, d, sample):
        sample['chunks'] = getattr(b.sizes, of) * GIB // (32 * 1024)
    return after


def rate(b, d, sample):
    sample['rate'] = b.sizes.zeros_gib * GIB / BLOCK / sample['wall']


def listed(b, d, sample):
    with open(os.path.join(d, 'said')) as f:
        sample['blocks'] = int(f.read().split()[0])
    if sample['blocks'] != b.sizes.list_gib * GIB // BLOCK:
        raise Failed(f"{sample['blocks']} blocks were listed")


def rows(b, d, sample):
    sample['rows'] = b.sizes.audit_rows


def records(b, d, sample):
    sample['records'] = b.sizes.trail_records
    with open(os.path.join(d, 'said')) as f:
        if f"in {sample['records']} records" not in f.read():
            raise Failed('it did not read every record')


def whole_file(b, d, sample):
    """A peer that ends well without having written the volume."""
    files = glob.glob(os.path.join(d, '*.img'))
    if not files or os.path.getsize(files[0]) < b.sizes.data:
        raise Failed('it wrote no image')
    if subprocess.call(['cmp', '-s', '-n', str(b.sizes.data), files[0],
                        b.data.image('fs')]) != 0:
        raise Failed('its image is not the volume')


def scale_cli(b):
    return b.sizes.data // BLOCK / b.sizes.cli_blocks


# -------------------------------------------------------------- the tables

FLOOR = [
    Subject('fetch-floor', 'libcurl over TLS, bytes thrown away',
            fetch_floor('tls'), needs=('curl',)),
    Subject('fetch-floor-nginx', 'the same, from nginx',
            fetch_floor('nginx'), needs=('nginx', 'curl')),
    Subject('openssl-md5', 'openssl dgst -md5', openssl('md5'),
            needs=('openssl',)),
    Subject('openssl-sha1', 'openssl dgst -sha1', openssl('sha1'),
            needs=('openssl',)),
    Subject('openssl-sha256', 'openssl dgst -sha256', openssl('sha256'),
            needs=('openssl',)),
    Subject('zcat', 'zcat of files of CloudTrail', zcat, needs=('zcat',)),
    Subject('igzip', 'igzip -2', igzip, needs=('igzip',)),
    Subject('audit-cost', 'the records of 128 GiB of blocks alone',
            audit_cost, after=rows),
]

OURS = [
    Subject('e01', 'E01, three digests', acquire('fs'),
            after=right('fs', sizes)),
    Subject('e01-nginx', 'the same, from nginx',
            acquire('fs', kind='nginx'), needs=('nginx',),
            after=right('fs', sizes)),
    Subject('raw', 'raw, three digests', acquire('fs', '-f', 'raw'),
            after=right('fs')),
    Subject('raw-nohash', 'raw, no digests',
            acquire('fs', '-f', 'raw', '--hash', 'none')),
    Subject('served', 'raw by nbdcopy, through a disk that is served',
            served, needs=('nbdcopy',), after=whole_file),
    Subject('triage', 'fls -r of 178,000 inodes that are served, at 50 ms',
            triage.triage, needs=('fls', 'nbdfuse', 'mkfs.ext4'),
            after=triage.triage_figures, once=True),
    Subject('random-served', 'fio: random 4 KiB of what is served',
            triage.random_served, needs=('fio',),
            after=triage.reads_a_second),
    Subject('both', 'E01 and raw in one pass',
            acquire('fs', '-f', 'e01,raw'), after=right('fs')),
    Subject('e01-rand', 'E01 of random bytes', acquire('rand'),
            after=right('rand', sizes)),
    Subject('holes', 'E01 of holes', acquire('holes'), after=holes),
    Subject('verify', 'verify of an E01',
            lambda b, d: [b.build.ebsimg, 'verify', '-q', b.kept_image()]),
    Subject('paced', 'E01 of zeros at 50 ms and 1000 requests/s',
            acquire('zeros', kind='paced'), after=rate, once=True),
    Subject('cold', '64 blocks over 64 new connections', cold),
    Subject('readers', 'readers by files of CloudTrail', readers,
            after=records),
]

PEERS = [
    Subject('triage-floor', 'fls -r of these inodes, by nbdkit of the file',
            triage.floor, needs=('fls', 'nbdfuse', 'nbdkit', 'mkfs.ext4'),
            after=triage.blocks_needed, once=True),
    Subject('serial', '64 blocks one after the other, by curl, at 50 ms',
            triage.serial, needs=('curl', 'mkfs.ext4'),
            after=triage.serial_blocks, once=True),
    Subject('random-nbdkit', 'fio: the same of the file, by nbdkit',
            triage.random_nbdkit, needs=('fio', 'nbdkit'),
            after=triage.reads_a_second),
    Subject('ewfacquire', 'ewfacquire -c fast, from a file',
            ewfacquire('fs'), needs=('ewfacquire',), after=image_size),
    Subject('ewfacquire-rand', 'the same, of random bytes',
            ewfacquire_rand, needs=('ewfacquire',),
            scale=lambda b: b.sizes.rand_parts),
    Subject('ewfverify', 'ewfverify -d sha1 of our E01',
            lambda b, d: ['ewfverify', '-q', '-d', 'sha1',
                          b.kept_image() + '.E01'], needs=('ewfverify',)),
    Subject('coldsnap', 'coldsnap download', coldsnap, needs=('coldsnap',),
            after=whole_file),
    Subject('dsnap', 'dsnap get', dsnap, needs=('dsnap',), server='tls',
            after=whole_file),
    Subject('aws', 'aws ebs get-snapshot-block for each block', aws,
            needs=('aws', 'curl'), server='tls', once=True, scale=scale_cli),
    Subject('dc3dd', 'dc3dd with three digests, from a file', dc3dd,
            needs=('dc3dd',)),
]

SPARSE = ('-f', 'raw', '--hash', 'none')

MEMORY = [
    Subject('mem-1g', 'raw, no digests, 1 GiB volume',
            acquire('mem-1g', *SPARSE), once=True),
    Subject('mem-1t', 'the same, 1 TiB volume',
            acquire('mem-1t', *SPARSE), once=True),
    Subject('mem-64t', 'the same, 64 TiB volume',
            acquire('mem-64t', *SPARSE), needs=('files of 64 TiB',),
            once=True),
    Subject('list', 'listing every block of the largest volume', list_volume,
            after=listed, once=True),
    Subject('e01-few', 'E01 of holes, few chunks of 32 KiB',
            acquire('holes-few', '--chunk-size', '32K', '--hash', 'md5'),
            after=chunks('few_gib'), once=True),
    Subject('e01-many', 'E01 of holes, many chunks of 32 KiB',
            acquire('holes-many', '--chunk-size', '32K', '--hash', 'md5'),
            after=chunks('many_gib'), once=True),
]

SUBJECTS = FLOOR + OURS + PEERS + MEMORY

# Ours whose wall clock a goal is about.
BY_THE_CLOCK = ('e01', 'e01-nginx', 'e01-rand', 'verify', 'readers')


def named(name):
    return next(s for s in SUBJECTS if s.name == name)
