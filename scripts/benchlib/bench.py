# SPDX-License-Identifier: Apache-2.0
"""What all subjects share: paths, servers, the environment."""
import json
import os
import re
import shutil
import subprocess

from . import data, measure, servers

# What the servers need on DIR and the measured programs in OUT, in bytes.
ROOM_DIR = 8 * data.GIB
ROOM_OUT = 3 * data.GIB
ROOM_SMOKE = 48 * data.MIB
# What the greatest of the runs writes, and some more.
WARM = 2 * data.GIB

SYSTEM_BUNDLES = (
    '/etc/ssl/certs/ca-certificates.crt',
    '/etc/pki/tls/certs/ca-bundle.crt',
    '/etc/ssl/cert.pem',
)

# The rules of the servers that are not plain.  50 ms is what EBS takes for a
# block from inside its region; 1000 a second is its limit for one snapshot.
RULES = {
    'tls': (),
    'paced': ('get: latency 50', 'get: throttle over 1000'),
    # So slow that every request has a connection of its own.
    'slow': ('get: latency 300',),
}


class Bench:
    def __init__(self, options, build, peers, folder, out):
        self.options = options
        self.build = build
        self.peers = peers
        self.folder = folder
        self.out = out
        self.sizes = data.Sizes(options)
        self.data = data.Data(
            os.path.join(folder, 'smoke' if options.smoke else 'data'),
            build.emulator, self.sizes)
        self.run_folder = os.path.join(folder, 'run')
        self.tls = servers.certificate(self.run_folder)
        self.started = {}

    def has(self, need):
        """Whether this machine has what a subject needs."""
        if need == 'files of 64 TiB':
            return huge_files(self.out)
        return self.peers.find(need)

    # ------------------------------------------------------------ servers

    def server(self, kind):
        """Started when it is first asked for."""
        if kind not in self.started:
            self.started[kind] = self.start(kind)
        return self.started[kind]

    def start(self, kind):
        if kind == 'nginx':
            image = self.data.image('fs')
            return servers.Nginx(
                self.peers.find('nginx'),
                os.path.join(self.data.folder, 'nginx'), self.tls, image,
                self.data.id('fs'))
        return servers.Emulator(self.build.emulator, self.data.store,
                                self.run_folder, kind, self.tls,
                                RULES[kind])

    def servers_cpu(self):
        return sum(server.cpu() for server in self.started.values())

    def stop(self):
        for server in self.started.values():
            server.stop()
        self.started = {}

    # -------------------------------------------------------- environment

    def environment(self, url=None):
        """The caller's own AWS settings and proxies have no place here."""
        keep = {k: v for k, v in os.environ.items()
                if not k.startswith('AWS_')
                and not k.lower().endswith('_proxy')}
        keep.update({
            'PATH': self.peers.path,
            'LC_ALL': 'C',
            'TZ': 'UTC',
            'AWS_ACCESS_KEY_ID': servers.KEY,
            'AWS_SECRET_ACCESS_KEY': servers.SECRET,
            'AWS_DEFAULT_REGION': servers.REGION,
            'AWS_CONFIG_FILE': '/dev/null',
            'AWS_SHARED_CREDENTIALS_FILE': '/dev/null',
            'AWS_EC2_METADATA_DISABLED': 'true',
            'AWS_CA_BUNDLE': self.tls.ca,  # aws, dsnap
            'SSL_CERT_FILE': self.tls.ca,  # coldsnap
        })
        if url:
            keep['AWS_ENDPOINT_URL'] = url
        return keep

    # ------------------------------------------------------------ listing

    def listing(self, server, snapshot):
        """[(index, token)] of the first page, by curl."""
        url = f'{server.url}/snapshots/{snapshot}/blocks?maxResults=10000'
        done = subprocess.run(
            ['curl', '-sS', '--fail', '--cacert', self.tls.ca,
             '--aws-sigv4', f'aws:amz:{servers.REGION}:ebs',
             '-u', f'{servers.KEY}:{servers.SECRET}', url],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            check=False)
        if done.returncode != 0:
            raise measure.Failed('curl: ' + done.stderr.strip())
        return [(b['BlockIndex'], b['BlockToken'])
                for b in json.loads(done.stdout)['Blocks']]

    def url_list(self, kind, snapshot):
        """A file with the URL of every block."""
        server = self.server(kind)
        path = os.path.join(self.run_folder, f'{kind}-{snapshot}.urls')
        with open(path, 'w') as f:
            for index, token in self.listing(server, snapshot):
                f.write(f'{server.url}/snapshots/{snapshot}/blocks/{index}'
                        f'?blockToken={token}\n')
        return path

    def large_bundle(self):
        """All certificates that the system trusts, and ours."""
        path = os.path.join(self.run_folder, 'bundle.pem')
        for system in SYSTEM_BUNDLES:
            if os.path.exists(system):
                with open(path, 'wb') as out:
                    for part in (system, self.tls.ca):
                        with open(part, 'rb') as f:
                            shutil.copyfileobj(f, out)
                return path
        raise measure.Failed('the system has no bundle of certificates')

    def kept_image(self):
        """An E01 of the file system, for those who read images."""
        folder = os.path.join(self.data.folder, 'kept')
        image = os.path.join(folder, 'image')
        if not os.path.exists(image + '.E01'):
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
            command = self.acquire('fs', image)
            if self.options.smoke:  # not a GiB of next to nothing
                command = ['ewfacquire', '-u', '-q', '-c', 'fast', '-t',
                           image, self.data.image('fs')]
            subprocess.run(command, check=True, env=self.environment(),
                           stdout=subprocess.DEVNULL)
        return image

    def acquire(self, name, prefix, *words, kind='tls', ca_bundle=None):
        """The command line of one acquisition.  In a smoke test all volumes
        are a GiB of next to nothing, and hashing that takes all the time:
        only two subjects make an E01 there, with its MD5."""
        if self.options.smoke and not ('-f' in words and '--hash' in words):
            words = ('--hash', 'md5') if words == () and name in (
                'fs', 'holes') else ('-f', 'raw', '--hash', 'none')
        return [self.build.ebsimg, 'acquire', self.data.snapshot(name),
                '-o', prefix, '-q', '--region', servers.REGION,
                '--endpoint-url', self.server(kind).url,
                '--ca-bundle', ca_bundle or self.tls.ca,
                *([] if kind == 'paced' else UNPACED), *words]


# No peer keeps a pace, and no server here asks for one but `paced'.
UNPACED = ['--rate', '100000']


def choose_out(options, folder):
    """A file system in memory keeps the disk out of the comparison."""
    if options.out:
        return os.path.abspath(options.out)
    shm = '/dev/shm'
    room = ROOM_SMOKE if options.smoke else ROOM_OUT
    if os.access(shm, os.W_OK) and free(shm) >= room:
        return os.path.join(shm, f'ebsimg-bench-{os.getpid()}')
    return os.path.join(folder, 'out')


def warm(folder):
    """Writes into memory once what the runs will write: a virtual machine
    gets its memory from the host at the first touch, which takes longer than
    all else, and whoever runs first would pay for it."""
    path = os.path.join(folder, 'warm')
    try:
        with open(path, 'wb') as f:
            piece = bytes(16 << 20)
            for _ in range(min(WARM, free(folder) // 2) // len(piece)):
                f.write(piece)
    finally:
        os.remove(path)


def huge_files(folder):
    path = os.path.join(folder, 'huge')
    try:
        with open(path, 'w') as f:
            f.truncate(64 << 40)
        return True
    except OSError:
        return False
    finally:
        os.remove(path)


def free(path):
    s = os.statvfs(path)
    return s.f_bavail * s.f_frsize


def file_system(path):
    """Its type, from the longest mount point that leads to the path."""
    best = ('', '?')
    with open('/proc/mounts') as f:
        for line in f:
            _, point, kind = line.split()[:3]
            point = re.sub(r'\\040', ' ', point)
            if (path + '/').startswith(point.rstrip('/') + '/') \
                    and len(point) >= len(best[0]):
                best = (point, kind)
    return best[1]
