# SPDX-License-Identifier: Apache-2.0
"""Plays the services that give out keys, as they were recorded or as a table
of answers says, for one asker at a time.

A play has answer(request), which gives (status, headers, body), and notes what
it was asked.  The server takes HTTP and TLS on each of its ports.
"""
import http.server
import json
import socket
import ssl
import threading
import urllib.parse

# Only these headers decide whether a request is the one that was recorded:
# they carry what an earlier answer, or a file, has said.
CARRIED = ["x-aws-ec2-metadata-token", "x-amz-sso_bearer_token"]

# Of an answer these are the server's own.
OURS = ["content-length", "connection", "transfer-encoding", "date"]


def plain_url(url):
    """The same for all ways to write it: the query in order, "/" if empty."""
    parts = urllib.parse.urlsplit(url)
    query = "&".join(sorted(parts.query.split("&")))
    return urllib.parse.urlunsplit(
        (parts.scheme, parts.netloc, parts.path or "/", query, ""))


def form_of(body):
    return dict(urllib.parse.parse_qsl(body))


class Request:
    def __init__(self, method, url, headers, body):
        self.method, self.url, self.body = method, plain_url(url), body
        self.headers = {k.lower(): v for k, v in headers.items()}
        self.action = form_of(body).get("Action")

    def is_like(self, other):
        """Roles, session names and session tokens in the recordings are not
        those of the files beside them: see Recorded.is_known()."""
        return (self.method, self.url, self.action) == (
            other.method, other.url, other.action) and all(
                self.headers.get(h) == other.headers.get(h) for h in CARRIED)


class Play:
    def __init__(self):
        self.asked = []
        self.faults = []

    def answer(self, request):
        self.asked.append(request)
        return self.answer_to(request)


# -------------------------------------------------------------- as recorded


def halves(events):
    """(request, (status, headers, body)) of each connection."""
    connections = {}
    for event in events:
        ours = connections.setdefault(
            event["connection_id"], {"Request": "", "Response": ""})
        action = event["action"]
        if "Request" in action:
            ours["asked"] = action["Request"]["request"]
        elif "Response" in action:
            ours["answer"] = action["Response"]["response"]["Ok"]
        elif "Data" in action:
            ours[action["Data"]["direction"]] += action["Data"]["data"]["Utf8"]
    for c in connections.values():
        headers = {k: v[0] for k, v in c["asked"]["headers"].items()}
        yield (Request(c["asked"]["method"], c["asked"]["uri"], headers,
                       c["Request"]),
               (c["answer"]["status"],
                {k: v[0] for k, v in c["answer"]["headers"].items()},
                c["Response"]))


class Recorded(Play):
    """Each answer in its turn; the last one again and again, because not all
    askers try as often."""

    def __init__(self, events, roles):
        super().__init__()
        self.turns = list(halves(events))
        self.used = set()
        self.roles = roles

    def is_known(self, request):
        role = form_of(request.body).get("RoleArn")
        token = request.headers.get("x-amz-security-token")
        return (role is None or role in self.roles) and (
            token is None or any(token in self.turns[i][1][2]
                                 for i in self.used))

    def answer_to(self, request):
        fitting = [i for i, (was, _) in enumerate(self.turns)
                   if request.is_like(was)]
        fresh = [i for i in fitting if i not in self.used]
        if not fitting or not self.is_known(request):
            self.faults.append(f"asked {request.method} {request.url}, which "
                               "nobody has recorded")
            return 404, {}, ""
        turn = (fresh or fitting[-1:])[0]
        self.used.add(turn)
        return self.turns[turn][1]

    def left(self):
        return [was.url for i, (was, _) in enumerate(self.turns)
                if i not in self.used]


# ------------------------------------------------------- tables of answers

KEYS = {"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "ASIAANSWER",
        "SecretAccessKey": "secretofanswer", "Token": "tokenofanswer",
        "LastUpdated": "2026-01-01T00:00:00Z",
        "Expiration": "2099-01-01T00:00:00Z"}


class Anywhere(Play):
    """An instance's metadata, or else a container's endpoint, wherever it is
    asked for keys."""

    def answer_to(self, request):
        path = urllib.parse.urlsplit(request.url).path
        if path.endswith("/latest/api/token"):
            return 200, {}, "a-metadata-token"
        if path.endswith("/iam/security-credentials/"):
            return 200, {}, "a-role"
        return 200, {"content-type": "application/json"}, json.dumps(KEYS)


class Signin(Play):
    """`aws login': the calls of one case, in their order."""

    def __init__(self, calls, url):
        super().__init__()
        self.calls = list(calls)
        self.url = url

    def check(self, request, wanted):
        if (request.method, request.url) != ("POST", self.url):
            self.faults.append(f"{request.method} {request.url}")
        if json.loads(request.body) != wanted["tokenInput"]:
            self.faults.append("not the body that was wanted")
        if "dpop" not in request.headers:
            self.faults.append("no proof of the key")

    def answer_to(self, request):
        if not self.calls:
            self.faults.append(f"asked {request.url} once more")
            return 404, {}, ""
        call = self.calls.pop(0)
        self.check(request, call["request"])
        body = call.get("response", {}).get("tokenOutput", {})
        return (call.get("responseCode", 200),
                {"content-type": "application/json"}, json.dumps(body))


# ------------------------------------------------------------------ server


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20

    def setup(self):
        self.scheme = "http"
        self.request.settimeout(self.timeout)
        if self.request.recv(1, socket.MSG_PEEK) == b"\x16":
            self.scheme = "https"
            self.request = self.server.tls.wrap_socket(self.request,
                                                       server_side=True)
        super().setup()

    def play(self):
        length = int(self.headers.get("Content-Length") or 0)
        url = f"{self.scheme}://{self.headers['Host']}{self.path}"
        request = Request(self.command, url, self.headers,
                          self.rfile.read(length).decode())
        with self.server.lock:
            status, headers, body = self.server.playing.answer(request)
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in OURS:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    do_GET = do_POST = do_PUT = play

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    address_family = socket.AF_INET6
    lock = threading.Lock()
    playing = Play()
    tls = None

    def server_bind(self):
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()

    def handle_error(self, request, client_address):
        """Whoever does not like the certificate hangs up: seen by its keys."""


def start(ports, certificate):
    """Servers on all addresses; set `playing' of Server to change the play."""
    Server.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    Server.tls.load_cert_chain(*certificate)
    for port in ports:
        server = Server(("::", port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
