# SPDX-License-Identifier: Apache-2.0
"""A network and files of our own: in a namespace (unshare -r -m -n) the names
of AWS's services, the addresses of metadata and the certificates of the
system are those of a server here."""
import os
import subprocess

ADDRESSES = ["169.254.169.254", "169.254.169.200", "169.254.170.2",
             "169.254.170.23"]
ADDRESSES_6 = ["fd00:ec2::254", "fd00:ec2::23"]
IPV6 = "/proc/sys/net/ipv6/conf/lo/disable_ipv6"


def run(*words):
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def has_ipv6():
    return os.path.exists(IPV6)


def make_addresses():
    run("ip", "link", "set", "lo", "up")
    for address in ADDRESSES:
        run("ip", "addr", "add", f"{address}/32", "dev", "lo")
    if has_ipv6():
        with open(IPV6, "w", encoding="ascii") as f:
            f.write("0")
        for address in ADDRESSES_6:
            run("ip", "addr", "add", f"{address}/128", "dev", "lo", "nodad")


def make_names(work, names):
    with open(f"{work}/hosts", "w", encoding="ascii") as f:
        f.write("127.0.0.1 " + " ".join(names) + "\n")
    run("mount", "--bind", f"{work}/hosts", "/etc/hosts")


def make_authority(work, names):
    """The file of its certificate, which is the server's too, and that of both
    halves.  Libraries that cannot be told whom to trust trust the system."""
    also = [f"DNS:{n}" for n in names] + [f"IP:{a}" for a in ADDRESSES]
    key, cert = f"{work}/key.pem", f"{work}/authority.pem"
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days",
        "2", "-subj", "/CN=replay", "-addext",
        "subjectAltName=" + ",".join(also), "-keyout", key, "-out", cert)
    run("mount", "--bind", cert, "/etc/ssl/certs/ca-certificates.crt")
    return cert, key
