"""Where the time of an acquisition goes, by perf's samples."""
import os
import re
import shutil
import subprocess

# What a symbol or a library is busy with; the first that matches counts.
WORK = (
    ('MD5, SHA-1 and SHA-256', r'md5|sha1|sha256|sha_ni|digest'),
    ('deflate', r'deflate|isal|igzip|huff|icf|adler|hufftables'),
    ('TLS: decipher', r'aes|gcm|ghash'),
    ('TLS: the rest', r'libssl|libcrypto'),
    ('libcurl', r'libcurl'),
    ('libewf', r'libewf'),
    ('copies and zeros', r'mem(cpy|move|set|cmp)|rep_movs'),
    ('kernel: network', r'\btcp|skb|\bsock|\binet|\bip_|copy_(to|from)_iter'),
    ('kernel: the rest', r'\[k\]'),
    ('everything else', r''),
)


def classify(line):
    for work, pattern in WORK:
        if re.search(pattern, line, re.I):
            return work
    return 'everything else'


def read(report):
    """Lines like "  12.34%  object  [.] symbol"."""
    shares = {}
    for line in report.splitlines():
        found = re.match(r'\s*([0-9.]+)%\s+(.*)', line)
        if found:
            work = classify(found.group(2))
            shares[work] = shares.get(work, 0) + float(found.group(1))
    return sorted(shares.items(), key=lambda x: -x[1])


def run(bench):
    """[(work, per cent)], empty when perf cannot be used here."""
    perf = bench.peers.find('perf')
    folder = os.path.join(bench.out, 'profile')
    if not perf:
        return []
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    data = os.path.join(folder, 'perf.data')
    command = bench.acquire('fs', os.path.join(folder, 'x'))
    try:
        # By time: virtual machines often count no cycles.
        subprocess.run([perf, 'record', '-q', '-e', 'cpu-clock', '-F', '997',
                        '-o', data] + command, check=True,
                       env=bench.environment(), stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        done = subprocess.run([perf, 'report', '-i', data, '--stdio',
                               '--sort', 'dso,symbol'], check=True,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    except subprocess.CalledProcessError:
        return []
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return read(done.stdout)
