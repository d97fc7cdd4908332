# SPDX-License-Identifier: Apache-2.0
"""The servers on this machine that the measured programs talk to."""
import base64
import collections
import hashlib
import json
import os
import pwd
import re
import socket
import subprocess
import time

from .data import BLOCK

# What AWS publishes as an example; the emulator knows no other key.
KEY = 'AKIDEXAMPLE'
SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
REGION = 'us-east-1'


class Server:
    """A process that serves until stop()."""

    def __init__(self, command, folder, name):
        os.makedirs(folder, exist_ok=True)
        self.log = os.path.join(folder, name + '.out')
        with open(self.log, 'w') as out:
            self.child = subprocess.Popen(
                command, stdout=out, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL, start_new_session=True)

    def wait_until(self, ready):
        for _ in range(200):
            found = ready()
            if found:
                return found
            if self.child.poll() is not None:
                break
            time.sleep(0.05)
        self.stop()
        with open(self.log, errors='replace') as f:
            raise RuntimeError('a server does not start: ' + f.read()[-500:])

    def cpu(self):
        """Processor seconds that it and its children have had so far."""
        return sum(map(process_cpu, family(self.child.pid)))

    def stop(self):
        self.child.terminate()
        self.child.wait()


def family(pid):
    """The process and its children, which have none themselves."""
    try:
        with open(f'/proc/{pid}/task/{pid}/children') as f:
            return [pid] + [int(child) for child in f.read().split()]
    except OSError:
        return [pid]


def process_cpu(pid):
    """User and system, with all threads that it ever had."""
    try:
        with open(f'/proc/{pid}/stat') as f:
            fields = f.read().rpartition(')')[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


Tls = collections.namedtuple('Tls', 'ca cert key')


def certificate(folder):
    """A certificate for this machine and the authority that vouches for it:
    some clients (rustls) take no server that vouches for itself."""
    os.makedirs(folder, exist_ok=True)
    tls = Tls(*(os.path.join(folder, n)
                for n in ('ca.pem', 'cert.pem', 'key.pem')))
    ca_key = os.path.join(folder, 'ca-key.pem')
    issue('/CN=bench authority', ca_key, tls.ca)
    issue('/CN=localhost', tls.key, tls.cert, '-CA', tls.ca, '-CAkey',
          ca_key, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost',
          '-addext', 'basicConstraints=critical,CA:FALSE')
    return tls


def issue(subject, key, cert, *words):
    subprocess.run(
        ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
         'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', subject,
         '-keyout', key, '-out', cert, *words], check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


# ------------------------------------------------------------- the emulator

class Emulator(Server):
    def __init__(self, program, store, folder, name, tls, rules=()):
        self.journal = os.path.join(folder, name + '.journal')
        if os.path.exists(self.journal):
            os.remove(self.journal)
        command = [program, 'serve', '--store', store, '--journal',
                   self.journal, '--tls-cert', tls.cert, '--tls-key', tls.key]
        for rule in rules:
            command += ['--rule', rule]
        super().__init__(command, folder, name)
        self.url = self.wait_until(self.ready)

    def ready(self):
        with open(self.log) as f:
            found = re.search(r'^ready (\S+)$', f.read(), re.M)
        return found and found.group(1)

    def answered(self, event, snapshot):
        """How many requests of this kind for this snapshot were answered."""
        n = 0
        with open(self.journal) as f:
            for line in f:
                if event in line and snapshot in line:
                    n += 1
        return n


# ------------------------------------------------------------------- nginx

CONF = """\
worker_processes 1;
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    types {{ }}
    default_type application/octet-stream;
    client_body_temp_path {folder}/tmp;
    proxy_temp_path {folder}/tmp;
    fastcgi_temp_path {folder}/tmp;
    uwsgi_temp_path {folder}/tmp;
    scgi_temp_path {folder}/tmp;
    # More than a run sends: by default each connection ends after 1000.
    keepalive_requests 1000000;
    map_hash_max_size 16384;
    map_hash_bucket_size 256;
    map $uri $checksum {{ include {folder}/checksums; }}
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {cert};
        ssl_certificate_key {key};
        ssl_protocols TLSv1.3;
        root {folder}/root;
        add_header x-amzn-RequestId $request_id always;
        # STS and EC2 are not here.
        location = / {{
            default_type text/xml;
            return 403 '{refusal}';
        }}
        location = /snapshots/{snapshot}/blocks {{
            default_type application/json;
            alias {folder}/list.json;
        }}
        location /snapshots/{snapshot}/blocks/ {{
            add_header x-amzn-RequestId $request_id always;
            add_header x-amz-Data-Length {block};
            add_header x-amz-Checksum $checksum;
            add_header x-amz-Checksum-Algorithm SHA256;
        }}
    }}
}}
"""

REFUSAL = ('<Response><Errors><Error><Code>UnauthorizedOperation</Code>'
           '<Message>only blocks are served here</Message></Error></Errors>'
           '<RequestID>00000000-0000-0000-0000-000000000000</RequestID>'
           '</Response>')


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def answers(port):
    try:
        socket.create_connection(('127.0.0.1', port), 1).close()
        return True
    except OSError:
        return False


class Nginx(Server):
    """The blocks of one image as plain files, which a web server that knows
    nothing of EBS gives out with the right headers."""

    def __init__(self, program, folder, tls, image, snapshot):
        self.folder = folder
        os.makedirs(os.path.join(folder, 'tmp'), exist_ok=True)
        if not os.path.exists(os.path.join(folder, 'list.json')):
            lay_out(folder, image, snapshot)
        port = free_port()
        conf = os.path.join(folder, 'nginx.conf')
        with open(conf, 'w') as f:
            f.write(CONF.format(
                folder=folder, port=port, cert=tls.cert, key=tls.key,
                snapshot=snapshot, block=BLOCK, refusal=REFUSAL,
                user=user_line()))
        super().__init__([program, '-p', folder, '-e',
                          os.path.join(folder, 'error.log'), '-c', conf],
                         folder, 'nginx')
        self.wait_until(lambda: answers(port))
        self.url = f'https://127.0.0.1:{port}'


def user_line():
    """Started as root, workers become somebody who may not read our files."""
    return 'user root;' if os.geteuid() == 0 and pwd.getpwuid(0) else ''


def lay_out(folder, image, snapshot):
    blocks = os.path.join(folder, 'root/snapshots', snapshot, 'blocks')
    os.makedirs(blocks, exist_ok=True)
    entries = []
    with open(image, 'rb') as f, \
            open(os.path.join(folder, 'checksums'), 'w') as sums:
        for index in range(os.path.getsize(image) // BLOCK):
            data = f.read(BLOCK)
            with open(os.path.join(blocks, str(index)), 'wb') as out:
                out.write(data)
            digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
            sums.write(f'/snapshots/{snapshot}/blocks/{index} "{digest}";\n')
            entries.append({'BlockIndex': index, 'BlockToken': f't{index}'})
    listing = {'BlockSize': BLOCK, 'Blocks': entries, 'NextToken': None,
               'ExpiryTime': time.time() + 10 * 365 * 86400,
               'VolumeSize': max(1, os.path.getsize(image) >> 30)}
    # Last and at once: it says that all the rest is there.
    with open(os.path.join(folder, 'list.part'), 'w') as f:
        json.dump(listing, f)
    os.rename(os.path.join(folder, 'list.part'),
              os.path.join(folder, 'list.json'))
