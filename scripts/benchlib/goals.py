# SPDX-License-Identifier: Apache-2.0
"""The table of ratios and their goals."""


class Goal:
    """`value(m)' computes it from medians, see rounds.Medians; `uses' are
    the subjects that it needs.  `sense' says which side of `limit' is
    good."""

    def __init__(self, name, what, uses, value, sense, limit):
        self.name = name
        self.what = what
        self.uses = uses
        self.value = value
        self.sense = sense
        self.limit = limit

    def met(self, value):
        # As printed, so that no line contradicts itself.
        value = round(value, self.digits())
        if self.sense == '<=':
            return value <= self.limit
        return value >= self.limit

    def digits(self):
        return 4 if self.limit < 0.1 and self.limit > 0 else 2

    def text(self):
        return f'{self.sense}{self.limit:g}'


def wanted(goal, words):
    """By number ("2"), or by the beginning of a name ("2-e01-wall")."""
    if not words:
        return True
    number = goal.name.split('-')[0]
    return any(w == number or (w.rstrip('-') != number
                               and not w.isdigit()
                               and goal.name.startswith(w)) for w in words)


MIB = 1024  # KiB, as peaks are counted

DIGESTS = ('openssl-md5', 'openssl-sha1', 'openssl-sha256')


def digests(m):
    """MD5, SHA-1, SHA-256, and SHA-256 once more, for every block has one
    of its own."""
    return m.cpu('openssl-md5') + m.cpu('openssl-sha1') \
        + 2 * m.cpu('openssl-sha256')


def flat(m, names):
    peaks = [m.peak(n) for n in names]
    return max(peaks) / peaks[0]


def bytes_per_chunk(m):
    more = (m.peak('e01-many') - m.peak('e01-few')) * 1024
    chunks = m.of('e01-many', 'chunks') - m.of('e01-few', 'chunks')
    return more / chunks if chunks else 0.0


RAW_SIZES = ('mem-1g', 'mem-1t', 'mem-64t')

GOALS = [
    Goal('1-e01-cpu-vs-digests',
         'CPU of an E01 against openssl md5 + sha1 + 2 x sha256',
         ('e01',) + DIGESTS,
         lambda m: m.cpu('e01') / digests(m), '<=', 1.15),
    Goal('1-e01-cpu-vs-digests-nginx', 'the same, from nginx',
         ('e01-nginx',) + DIGESTS,
         lambda m: m.cpu('e01-nginx') / digests(m), '<=', 1.15),
    Goal('2-e01-speed-vs-ewfacquire',
         'how many times faster than ewfacquire from a local file',
         ('e01', 'ewfacquire'),
         lambda m: m.wall('ewfacquire') / m.wall('e01'), '>=', 4.5),
    Goal('2-e01-speed-vs-ewfacquire-nginx', 'the same, from nginx',
         ('e01-nginx', 'ewfacquire'),
         lambda m: m.wall('ewfacquire') / m.wall('e01-nginx'), '>=', 4.5),
    Goal('2-e01-cpu-vs-ewfacquire', 'CPU against ewfacquire',
         ('e01', 'ewfacquire'),
         lambda m: m.cpu('e01') / m.cpu('ewfacquire'), '<=', 0.35),
    Goal('2-e01-size-vs-ewfacquire', 'size against ewfacquire',
         ('e01', 'ewfacquire'),
         lambda m: m.of('e01', 'bytes') / m.of('ewfacquire', 'bytes'),
         '<=', 1.0),
    Goal('3-random-speed-vs-ewfacquire',
         'how many times faster on random bytes',
         ('e01-rand', 'ewfacquire-rand'),
         lambda m: m.wall('ewfacquire-rand') / m.wall('e01-rand'), '>=', 8),
    Goal('4-raw-cpu-vs-md5',
         'CPU of raw with three digests against openssl md5',
         ('raw', 'openssl-md5'),
         lambda m: m.cpu('raw') / m.cpu('openssl-md5'), '<=', 1.6),
    Goal('5-raw-wall-vs-coldsnap',
         'wall of raw with three digests against coldsnap with none',
         ('raw', 'coldsnap'),
         lambda m: m.wall('raw') / m.wall('coldsnap'), '<=', 1.0),
    Goal('5-raw-cpu-vs-coldsnap', 'CPU of the same',
         ('raw', 'coldsnap'),
         lambda m: m.cpu('raw') / m.cpu('coldsnap'), '<=', 1.0),
    Goal('6-nohash-cpu-vs-coldsnap',
         'CPU of raw without digests against coldsnap',
         ('raw-nohash', 'coldsnap'),
         lambda m: m.cpu('raw-nohash') / m.cpu('coldsnap'), '<=', 0.6),
    Goal('7-e01-speed-vs-coldsnap-then-ewfacquire',
         'how many times faster than coldsnap and then ewfacquire',
         ('e01', 'coldsnap', 'ewfacquire'),
         lambda m: (m.wall('coldsnap') + m.wall('ewfacquire'))
         / m.wall('e01'), '>=', 6),
    Goal('8-verify-speed-vs-ewfverify',
         'how many times faster than ewfverify -d sha1',
         ('verify', 'ewfverify'),
         lambda m: m.wall('ewfverify') / m.wall('verify'), '>=', 3),
    Goal('9-holes-cpu-vs-md5', 'CPU per GiB of holes against openssl md5',
         ('holes', 'openssl-md5'),
         lambda m: m.cpu('holes') / m.of('holes', 'gib')
         / m.cpu('openssl-md5'), '<=', 0.95),
    Goal('9-holes-mb-per-gib', 'MB of E01 per GiB of holes', ('holes',),
         lambda m: m.of('holes', 'bytes') / 1e6 / m.of('holes', 'gib'),
         '<=', 1.4),
    Goal('9-holes-requests', 'blocks asked for in a volume of holes',
         ('holes',), lambda m: m.of('holes', 'requests'), '<=', 0),
    Goal('10-share-of-rate-limit',
         'share of 1000 requests/s at 50 ms answer time, default settings',
         ('paced',), lambda m: m.of('paced', 'rate') / 1000, '>=', 0.95),
    Goal('11-raw-memory-flat',
         'peak memory of raw: greatest of 1 GiB, 1 TiB, 64 TiB by the first',
         RAW_SIZES, lambda m: flat(m, RAW_SIZES), '<=', 1.1),
    Goal('11-raw-memory-mib', 'MiB: the greatest peak of raw images',
         RAW_SIZES + ('raw',),
         lambda m: max(m.peak(n) for n in RAW_SIZES + ('raw',)) / MIB,
         '<=', 64),
    Goal('11-list-memory-mib', 'MiB: peak while all blocks are listed',
         ('list',), lambda m: m.peak('list') / MIB, '<=', 64),
    Goal('12-e01-memory-mib', 'MiB: peak of an E01 of 1 GiB', ('e01',),
         lambda m: m.peak('e01') / MIB, '<=', 64),
    Goal('12-e01-bytes-per-chunk', 'bytes more for each chunk of an E01',
         ('e01-many', 'e01-few'), bytes_per_chunk, '<=', 8.8),
    Goal('13-records-share-of-cpu', 'log and manifest: share of the CPU',
         ('audit-cost', 'e01'),
         lambda m: m.cpu('audit-cost') / m.of('audit-cost', 'rows')
         * m.of('e01', 'blocks') / m.cpu('e01'), '<=', 0.015),
    Goal('13-records-bytes-per-block', 'log and manifest: bytes per block',
         ('e01',),
         lambda m: m.of('e01', 'record_bytes') / m.of('e01', 'blocks'),
         '<=', 80),
    Goal('14-cold-connections-cpu',
         'CPU seconds: 64 new connections, all certificates of the system',
         ('cold',), lambda m: m.cpu('cold'), '<=', 0.15),
    Goal('15-served-speed-vs-acquire',
         'speed of nbdcopy from a served disk against raw without digests',
         ('served', 'raw-nohash'),
         lambda m: m.wall('raw-nohash') / m.wall('served'), '>=', 0.9),
    Goal('17-triage-blocks', 'blocks fetched for fls -r to those it reads',
         ('triage', 'triage-floor'), lambda m: m.of('triage', 'fetched')
         / m.of('triage-floor', 'needed'), '<=', 1.1),
    Goal('17-triage-again', 'blocks that it fetches the second time',
         ('triage',), lambda m: m.of('triage', 'fetched_again'), '<=', 0),
    Goal('17-triage-seconds', 'seconds of it at 50 ms and 1000 requests/s',
         ('triage',), lambda m: m.of('triage', 'fls'), '<=', 10),
    Goal('17-triage-vs-serial',
         'of its seconds, to these blocks one after the other',
         ('triage', 'serial'),
         lambda m: m.of('triage', 'fls') / m.of('triage', 'fetched')
         * m.of('serial', 'fetched') / m.wall('serial'), '<=', 1),
    Goal('18-random-warm-vs-nbdkit',
         'warm random reads a second against nbdkit of the file',
         ('random-served', 'random-nbdkit'),
         lambda m: m.of('random-served', 'warm')
         / m.of('random-nbdkit', 'warm'), '>=', 0.5),
    Goal('16-readers-wall-vs-zcat',
         'wall of readers against zcat of the same files',
         ('readers', 'zcat'),
         lambda m: m.wall('readers') / m.wall('zcat'), '<=', 2),
    Goal('16-readers-cpu-seconds',
         'CPU seconds for the 2.1 million records of 1 TiB',
         ('readers',), lambda m: m.cpu('readers') * 2.1e6
         / m.of('readers', 'records'), '<=', 20),
    Goal('16-readers-memory-mib', 'MiB: peak of readers', ('readers',),
         lambda m: m.peak('readers') / MIB, '<=', 64),
]
