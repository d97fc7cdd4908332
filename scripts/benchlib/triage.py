# SPDX-License-Identifier: Apache-2.0
"""Looks into a snapshot that is served: what The Sleuth Kit reads of many
inodes, reads of fio at random places, and a reader that asks for one block
after the other."""
import json
import os
import re
import shlex

from .data import BLOCK
from .measure import Failed
from .servers import KEY, REGION, SECRET

SERIAL_BLOCKS = 64
RANDOM_BYTES = 256 << 20


def serve(b, d, name, kind, *words):
    return shlex.join([
        b.build.ebsimg, 'serve', b.data.snapshot(name), '--region', REGION,
        '--endpoint-url', b.server(kind).url, '--ca-bundle', b.tls.ca,
        '--quiet', '--socket', os.path.join(d, 'nbd'), *words])


def script(d, text, **words):
    path = os.path.join(d, 'script')
    with open(path, 'w') as f:
        f.write(text.format(folder=shlex.quote(d), **words))
    return ['sh', path]


# Each line of `figures' is nanoseconds, and the blocks fetched until then.
TRIAGE = """set -e
cd {folder}
mkdir m
mkfifo address
{serve} --cache cache --mount m >address &
pid=$!
read -r uri <address
until [ -s m/*.raw ]; do sleep 0.01; done
note() {{
    echo "$(date +%s%N) $(cat cache/*.jsonl | grep -c '"event":"read"')" \\
        >>figures
}}
note || true
fls -r -p m/*.raw >names
note
fls -r -p m/*.raw >again
note
icat m/*.raw "$(sed -n '$s/^[^ ]* \\([0-9]*\\):.*/\\1/p' names)" >file
note
kill $pid
wait $pid
cmp names again
"""


def triage(b, d):
    return script(d, TRIAGE, serve=serve(b, d, 'inodes', 'paced', '--rate',
                                         '1000', '--connections', '64'))


def triage_figures(b, d, sample):
    with open(os.path.join(d, 'figures')) as f:
        rows = [tuple(map(int, line.split())) for line in f]
    if len(rows) != 4:
        raise Failed('it did not come to its end')
    with open(os.path.join(d, 'names')) as f:
        if sum(1 for _ in f) < b.sizes.inodes:
            raise Failed('fls did not list every file')
    seconds = [(y[0] - x[0]) / 1e9 for x, y in zip(rows, rows[1:])]
    sample['fls'], _, sample['icat'] = seconds
    sample['fetched'] = rows[1][1]
    sample['fetched_again'] = rows[2][1] - rows[1][1]


FLOOR = """set -e
cd {folder}
nbdkit -f -r -U "$PWD/kit" --filter=log file {image} \
    logfile="$PWD/reads" &
kit=$!
until [ -S kit ]; do sleep 0.01; done
touch disk.raw
nbdfuse -r disk.raw "nbd+unix:///?socket=$PWD/kit" &
fuse=$!
until [ -s disk.raw ]; do sleep 0.01; done
fls -r -p disk.raw >names
kill $fuse
wait $fuse || true
kill $kit
wait $kit || true
"""


def floor(b, d):
    return script(d, FLOOR, image=shlex.quote(b.data.image('inodes')))


def stored(path):
    """The blocks of an image that are no holes."""
    found, at = set(), 0
    with open(path, 'rb') as f:
        while True:
            try:
                at = os.lseek(f.fileno(), at, os.SEEK_DATA)
            except OSError:
                return found
            found.add(at // BLOCK)
            at = (at // BLOCK + 1) * BLOCK


def blocks_needed(b, d, sample):
    needed = set()
    with open(os.path.join(d, 'reads')) as f:
        for m in re.finditer(r' Read id=\d+ offset=(\w+) count=(\w+)',
                             f.read()):
            first, n = int(m[1], 16), int(m[2], 16)
            needed.update(range(first // BLOCK, (first + n - 1) // BLOCK + 1))
    sample['needed'] = len(needed & stored(b.data.image('inodes')))


def serial(b, d):
    """One connection, one block after the other, nothing checked."""
    listed = b.url_list('paced', b.data.snapshot('inodes'))
    config = os.path.join(d, 'urls')
    with open(listed) as f, open(config, 'w') as out:
        for line in f.read().split('\n')[:SERIAL_BLOCKS]:
            if line:
                out.write(f'url = "{line}"\noutput = "/dev/null"\n')
    return ['curl', '-sS', '--fail', '--cacert', b.tls.ca, '--aws-sigv4',
            f'aws:amz:{REGION}:ebs', '-u', f'{KEY}:{SECRET}', '--config',
            config]


def serial_blocks(b, d, sample):
    with open(os.path.join(d, 'urls')) as f:
        sample['fetched'] = f.read().count('url = ')


FIO = """fio --name=r --readonly --ioengine=nbd --uri="$uri" \\
    --rw=randread --bs=4k --size={size} --iodepth=16 \\
    --output-format=json --output="$1.json"
"""

RANDOM = """set -e
cd {folder}
mkfifo address
{server} >address &
pid=$!
read -r uri <address
pass() {{
    {fio}
}}
pass cold
pass warm
kill $pid
wait $pid
"""


def random_reads(b, d, server):
    size = min(RANDOM_BYTES, b.sizes.data)
    return script(d, RANDOM, server=server, fio=FIO.format(size=size))


def random_served(b, d):
    return random_reads(b, d, serve(
        b, d, 'fs', 'tls', '--memory', '2G', '--rate', '100000', '--log',
        '.'))


def random_nbdkit(b, d):
    image = shlex.quote(b.data.image('fs'))
    return random_reads(
        b, d, 'sh -c \'echo "nbd+unix:///?socket=$PWD/kit"; exec nbdkit -f -r '
        f'-U kit file "$1"\' sh {image}')


def reads_a_second(b, d, sample):
    for which in ('cold', 'warm'):
        with open(os.path.join(d, which + '.json')) as f:
            text = f.read()
        job = json.loads(text[text.index('{'):])['jobs'][0]
        sample[which] = job['read']['iops']
