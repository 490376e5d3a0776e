#!/usr/bin/python3
"""What clients may do to a running service, and what is done to them: sockets by hand, as no library would use them.

    clients.py ADDRESS PART    ADDRESS: http://HOST:PORT/ of a service of the sample papers; PART: one of the functions below. What options the service needs stands there.

Prints what failed; exits 1 if anything did. Nothing depends on how fast the machine is: what must be cut off is waited for.
"""
import json
import select
import socket
import sys
import time
import urllib.parse

WAIT = 120  # seconds until something that must happen is given up
SIMILAR = b"/v1/papers/smp:0001/similar"
failures = 0


def fail(what, *details):
    global failures
    failures += 1
    print("FAILED:", what, *details)


def connect():
    at = urllib.parse.urlsplit(sys.argv[1])
    return socket.create_connection((at.hostname, at.port), timeout=WAIT)


def read_all(client):
    """What comes until the service closes."""
    got = b""
    try:
        while piece := client.recv(65536):
            got += piece
    except ConnectionResetError:
        pass
    return got


def send(text):
    with connect() as client:
        client.sendall(text)
        return read_all(client)


def statuses(answers):
    return [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]]


def expect(what, text, *wanted):
    got = send(text)
    if statuses(got) != list(wanted):
        fail(what, "statuses", statuses(got), "not", list(wanted), got[:300])
    return got


def head(method, target, *lines):
    return b"%s %s HTTP/1.1\r\nHost: localhost\r\n" % (method, target) + b"".join(line + b"\r\n" for line in lines)


CLOSE = b"Connection: close"
END = b"\r\n"


def forms():
    """Requests as HTTP allows them, and as it does not. Any options."""
    several = [b"/healthz", SIMILAR, b"/v1/search?q=coral", SIMILAR + b"?limit=1", b"/healthz"]
    got = expect("requests in a row", b"".join(head(b"GET", t) + END for t in several[:-1]) + head(b"GET", several[-1], CLOSE) + END, *[200] * 5)
    places = [got.find(mark) for mark in (b"ok\n", b'"request":"smp:0001"', b'"request":"coral"', b'"k":1,')]
    if places != sorted(places) or -1 in places:
        fail("requests in a row are answered out of order", places)
    for target in b"http://localhost/healthz", b"https://127.0.0.1:1/healthz":
        expect("a whole address", head(b"GET", target, CLOSE) + END, 200)
    if b"Allow: GET" not in expect("OPTIONS of all", head(b"OPTIONS", b"*", CLOSE) + END, 204):
        fail("OPTIONS * without Allow")
    for what, text in [("no Host", b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"),
                       ("no length", head(b"POST", b"/v1/similar", b"Content-Length: 2x") + END + b"{}")]:
        if set(statuses(send(text))) != {400}:  # libmicrohttpd 0.9.75 says so twice
            fail(what, send(text))
    expect("HTTP/1.0", b"GET /healthz HTTP/1.0\r\n\r\n", 200)
    chunked = head(b"POST", b"/v1/similar", b"Transfer-Encoding: chunked", CLOSE) + END
    expect("a body in pieces", chunked + b'8\r\n{"id":"s\r\n9\r\nmp:0001"}\r\n0\r\n\r\n', 200)
    megabyte = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    expect("12 MB in pieces", chunked + 12 * megabyte + b"0\r\n\r\n", 413)
    expect("a body that waits to be asked for", head(b"POST", b"/v1/similar", b"Expect: 100-continue", b"Content-Length: 9000000") + END, 413)
    if send(b"\x16\x03\x01 no HTTP at all\r\n\r\n").startswith(b"HTTP/1.1 2"):
        fail("no HTTP at all is answered")


def framing():
    """Who tells in two ways where a body ends, or which host is asked, is refused, and what follows is no request. Any options."""
    hidden = head(b"GET", b"/healthz") + END  # a request to us, a body to whoever takes the other length
    length, chunked = b"Content-Length: 2", b"Transfer-Encoding: chunked"
    for lines in [(length, chunked), (chunked, length), (length, length), (b"Content-Length: 0", b"content-length: %d" % len(hidden)), (b"Transfer-Encoding: xchunked",),
                  (b"Transfer-Encoding: gzip, chunked",), (b"Transfer-Encoding: chunked, chunked",), (b"Transfer-Encoding: chunked;q=1",), (b"Transfer-Encoding:",),
                  (b"Transfer-Encoding: identity",), (chunked, chunked), (chunked, b"transfer-encoding: identity"), (b"Transfer-Encoding\t: chunked",),
                  (b"Content-Length : 2",), (b"Content-Length: +2",), (b"Content-Length: 2, 2",), (b"Content-Length: -1",), (b"Content-Length:\r\n 2",), (b"Transfer-Encoding:\r\n\tchunked",), (b"X: y\r\n Content-Length: 2",), (b"X: y\rContent-Length: 2",),
                  (b"host: other",), (b"Host: x", b"Host: x")]:
        for after in b"0\r\n\r\n", b"{}", b"":
            got = send(head(b"POST", b"/v1/similar", *lines) + END + after + hidden)
            if set(statuses(got)) != {400} or got.count(b"\nok") > 0:  # libmicrohttpd 0.9.75 says so twice, of what it refuses itself
                fail("a request with", lines, "before", after, statuses(got), got[:300])
    if not expect("a second Host", head(b"GET", b"/healthz", b"Host: x") + END, 400).count(b'"code":"bad_request"'):
        fail("a second Host is told otherwise")
    expect("a coding in HTTP/1.0", b"POST /v1/similar HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + hidden, 400)
    expect("a coding in other letters", head(b"POST", b"/v1/similar", b"TRANSFER-ENCODING: Chunked", CLOSE) + END + b'11\r\n{"id":"smp:0001"}\r\n0\r\n\r\n', 200)


def ask_for(host, target=b"/healthz", version=b"1.1"):
    return send(b"GET %s HTTP/%s\r\n" % (target, version) + (b"" if host is None else b"Host: %s\r\n" % host) + CLOSE + END + END)


def told(got, status):
    return statuses(got) == [status] and (status != 421 or b'"code":"wrong_host"' in got)


OURS = [b"localhost", b"LocalHost", b"127.0.0.1", b"127.0.0.1:8080", b"localhost:", b"[::1]", b"[::1]:80"]
STRANGE = [b"evil.example", b"evil.example:8080", b"localhost.evil.example", b"127.0.0.1.evil.example", b"localhost:80x", b"localhost:80@evil.example", b"user@localhost",
           b"127.0.0.2", b"::1", b"[::1", b"[::1]x", b"::1]", b"x::1]", b"[localhost]", b"[::2]", b"", b"local", b"localhost, evil.example"]


def own_hosts():
    """Requests for another host are refused, as a page would send them whose name was made to lead here. Any options but host-name."""
    for host in OURS:
        if not told(ask_for(host), 200):
            fail("a request for", host, "is refused", ask_for(host)[:300])
    for host in STRANGE:
        for target in b"/healthz", b"/v1/papers/smp:0001", b"/nothing":
            got = ask_for(host, target)
            if not told(got, 421) or b"Connection: close" not in got:
                fail("a request for", host, target, got[:300])
    if not told(ask_for(None, version=b"1.0"), 200) or not told(ask_for(b"evil.example", version=b"1.0"), 421):
        fail("HTTP/1.0")
    for target, host, status in [(b"http://localhost/healthz", b"evil.example", 200), (b"http://evil.example/healthz", b"localhost", 421),
                                 (b"http://evil.example", b"localhost", 421), (b"http://localhost@evil.example/healthz", b"localhost", 421)]:
        if not told(ask_for(host, target), status):
            fail("a whole address", target, "for", host, ask_for(host, target)[:300])


def named_hosts():
    """Those that the options name are taken besides. --host-name papers.example.org --host-name fe80::1"""
    for host in OURS + [b"papers.example.org", b"PAPERS.Example.org:443", b"[fe80::1]:80"]:
        if not told(ask_for(host), 200):
            fail("a request for", host, "is refused", ask_for(host)[:300])
    for host in [b"example.org", b"papers.example.org.evil.example", b"fe80::1"]:
        if not told(ask_for(host), 421):
            fail("a request for", host, ask_for(host)[:300])


def any_host():
    """An address that others reach has names that only they know. --host 0.0.0.0"""
    for host in OURS + [b"evil.example", b"192.0.2.1:8080"]:
        if not told(ask_for(host), 200):
            fail("a request for", host, "is refused", ask_for(host)[:300])


def coding():
    """Accept-Encoding. Any options."""
    for accepted, packed in [("gzip", True), ("GZip", True), ("x-gzip", True), ("*", True), ("gzip;q=0.001", True), ("deflate, gzip;q=0.5", True), ("identity;q=0", False),
                             ("gzip;q=0", False), ("gzip; q=0.0", False), ("*;q=0", False), ("gzip;q=0, *", False), ("br", False), ("", False),
                             ("identity;q=1, gzip;q=0.5", False), ("identity;q=0.5, gzip", True), ("identity, *;q=0.5", False)]:
        got = send(head(b"GET", SIMILAR, CLOSE, b"Accept-Encoding: " + accepted.encode()) + END)
        if (b"Content-Encoding: gzip" in got) != packed or b"Vary: Accept-Encoding" not in got:
            fail("Accept-Encoding:", accepted, got[:400])


def slow():
    """Who dawdles is cut off. --timeout 1."""
    begun = head(b"POST", b"/v1/similar", b"Content-Length: 1000") + END
    for what, first, more in [("a header", b"GET /healthz HTTP/1.1\r\nX: ", b"x"), ("a body", begun, b" "), ("nothing", b"", b"")]:
        with connect() as client:
            client.sendall(first)
            until = time.monotonic() + WAIT
            while time.monotonic() < until:
                if select.select([client], [], [], 0.2)[0] and not read_all(client):
                    break
                try:
                    client.sendall(more)
                except OSError:
                    break
            else:
                fail("who sends", what, "slowly is not cut off")
    unread()


def unread():
    """A reply that nobody reads: the connection ends, though more was asked for than the system would hold."""
    with socket.socket() as client:
        at = urllib.parse.urlsplit(sys.argv[1])
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect((at.hostname, at.port))
        client.settimeout(WAIT)
        client.sendall((head(b"GET", b"/openapi.json") + END) * 1000)
        until = time.monotonic() + WAIT
        while time.monotonic() < until:  # what is sent to a connection that was cut off meets an error
            try:
                client.sendall(b"\r\n")
            except OSError:
                return
            time.sleep(0.2)
        fail("who does not read is not cut off")


def crowd():
    """More requests than may wait are told to come again. --threads 1 --queue 1."""
    body = b'{"text":"corals bleach in warm summers"}\n' * 1000
    clients = [connect() for _ in range(8)]
    for client in clients:
        client.sendall(head(b"POST", b"/v1/similar/batch", CLOSE, b"Content-Length: %d" % len(body)) + END + body)
    answers = [read_all(client) for client in clients]
    told = [a for a in answers if statuses(a[:20]) == [503]]
    done = [a for a in answers if statuses(a[:20]) == [200]]
    if not told or not done or len(told) + len(done) != len(clients):
        fail("of 8 batches", len(done), "were done and", len(told), "told to come again")
    if not all(b"Retry-After: 1" in a and b'"code":"overloaded"' in a for a in told):
        fail("a batch is told otherwise", told[:1])
    if not all(a.count(b"\n{") == 1000 for a in done):
        fail("a batch is answered in part")
    expect("one at a time", head(b"GET", b"/v1/search?q=coral", CLOSE) + END, 200)


def computed():
    """What a stored list answers passes by those that wait; what has to be computed waits with them. --threads 1 --queue 1, and a paper `late` that is not indexed."""
    body = (b'{"text":"%s"}\n' % (b"corals bleach in warm summers and recover in mild ones " * 40)) * 1000
    answer = json.loads(send(head(b"GET", SIMILAR + b"?limit=45", CLOSE) + END).split(b"\r\n\r\n", 1)[1])
    excluded = "&".join("exclude=" + result["id"] for result in answer["results"]).encode()
    waiting = []
    while True:  # until one is told to come again: from then on another is being answered, and one waits
        waiting.append(connect())
        waiting[-1].sendall(head(b"POST", b"/v1/similar/batch", CLOSE, b"Content-Length: %d" % len(body)) + END + body)
        if select.select([waiting[-1]], [], [], 0.2)[0]:
            break
    for query, stored in [(SIMILAR, True), (SIMILAR + b"?limit=40", True), (SIMILAR + b"?limit=20&offset=20", True), (SIMILAR + b"?versions=keep&limit=50", True),
                          (SIMILAR + b"?min-score=0.3&limit=100", True), (SIMILAR + b"?min-band=strong&limit=100", True), (SIMILAR + b"?exclude=smp:0002", True),
                          (SIMILAR + b"?limit=x", True), (b"/v1/papers/nobody/similar", True), (b"/v1/papers/late", True), (SIMILAR + b"?limit=60", False),
                          (SIMILAR + b"?limit=2&offset=50", False), (SIMILAR + b"?versions=keep&limit=51", False), (SIMILAR + b"?min-score=-1&limit=60", False),
                          (SIMILAR + b"?limit=20&" + excluded, False), (SIMILAR + b"?explain", False), (b"/v1/papers/late/similar", False)]:
        got = statuses(send(head(b"GET", query, CLOSE) + END))
        done = b'route="batch",status="2xx"' in send(head(b"GET", b"/metrics", CLOSE) + END)
        if stored and got not in ([200], [400], [404]):
            fail("a stored answer waits:", query, got)
        if not stored and got != [503] and not done:
            fail("an answer is computed by a thread that reads:", query, got)
    for client in waiting:
        client.close()


def full():
    """More connections than there may be wait or are closed, and hurt nobody. --connections 4."""
    idle = [connect() for _ in range(40)]
    time.sleep(0.5)
    for client in idle:
        client.close()
    expect("a connection when the others are gone", head(b"GET", b"/healthz", CLOSE) + END, 200)


def stop():
    """Begins a batch, says so, and is answered though the service is told to end meanwhile. --threads 1."""
    body = b'{"text":"corals bleach in warm summers"}\n' * 1000
    with connect() as client:
        client.sendall(head(b"POST", b"/v1/similar/batch", b"Content-Length: %d" % len(body)) + END + body)
        expect("a request beside it", head(b"GET", b"/healthz", CLOSE) + END, 200)
        print("begun", flush=True)
        got = read_all(client)
        if statuses(got[:20]) != [200] or got.count(b"\n{") != 1000:
            fail("a batch that had begun is answered in part", len(got), got[:200])


{"forms": forms, "framing": framing, "own_hosts": own_hosts, "named_hosts": named_hosts, "any_host": any_host, "coding": coding, "slow": slow, "crowd": crowd, "computed": computed, "full": full, "stop": stop}[sys.argv[2]]()
sys.exit(1 if failures else 0)
