"""Ten thousand bent requests to `syndicate serve`: each gets an answer or an end, none a 5xx.

    python -m benchmarks.fuzz_serve [REQUESTS] [SEED]

Paths climb, headers are cut, swapped, repeated, filled with noise; some clients stall. A file
beside the folder must never be seen. Printed are the answers by status; exit code 1 on a fault.
"""

import random
import socket
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.serve import syndicate

SECRET = b"what nobody may read"
STEPS = (
    *("..", "%2e%2e", ".", "%2f", "\\", "%5c", "%00", "atom.xml", "feed", "category", "etc"),
    *("passwd", "secret.txt", "%ff", "%252e", "", "~", "C:", "out", "%0d%0a", "?", "#"),
)
NAMES = (
    *("If-None-Match", "If-Modified-Since", "Range", "If-Range", "If-Match", "Accept", "A-IM"),
    *("Accept-Encoding", "Content-Length", "Transfer-Encoding", "Expect", "Upgrade", "Host"),
    *("Connection", "X-Forwarded-For"),
)
VALUES = (
    *("*", '"', '"x"', 'W/"x", "y"', "feed", "gzip, br;q=0.5", "bytes=0-", "bytes=-1", "0", "-1"),
    *("99999999999999999999", "chunked", "100-continue", "websocket", "close", "\x00", "\xff"),
    *("Sun, 18 Oct 2026 19:30:00 GMT", "q=1;;,,", "a" * 20_000, "\r\n x", "application/json"),
)
METHODS = ("GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "get", "PRI", "CONNECT", "\x01")
FEED = b'<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id>' + b"<a>text</a>" * 500 + b"</feed>"


def request(rng: random.Random) -> bytes:
    """A request that a stranger could send."""
    path = "/" + "/".join(rng.choices(STEPS, k=rng.randint(0, 6)))
    if rng.random() < 0.3:
        path = rng.choice(("/atom.xml", "/feed", "/", "*", "http://x/atom.xml", "//x", "a" * 9_000))
    lines = [f"{rng.choice(METHODS)} {path} HTTP/1.{rng.choice('1110')}"]
    lines += [f"{rng.choice(NAMES)}: {rng.choice(VALUES)}" for _ in range(rng.randint(0, 8))]
    data = bytearray("\r\n".join((*lines, "", "")).encode("latin-1", "replace"))
    if rng.random() < 0.2:
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
    if rng.random() < 0.1:
        del data[rng.randrange(len(data)) :]
    return bytes(data) * (rng.randint(2, 5) if rng.random() < 0.1 else 1)


def ask(port: int, data: bytes, *, stall: bool) -> bytes:
    """All that comes back; a client that stalls leaves without listening."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        try:
            connection.sendall(data)
            if stall:
                return b""
            connection.shutdown(socket.SHUT_WR)
            received = b""
            while chunk := connection.recv(1 << 16):
                received += chunk
        except (ConnectionResetError, BrokenPipeError):
            return b""
        return received


def main(requests: int, seed: int) -> int:
    """Send them; how many faults there were."""
    rng = random.Random(seed)
    statuses: Counter[str] = Counter()
    faults = 0
    with TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        root.mkdir()
        (root / "atom.xml").write_bytes(FEED)
        (root.parent / "secret.txt").write_bytes(SECRET)
        (root / "out").symlink_to(root.parent)
        with syndicate(Path(folder), root) as port:
            for _ in range(requests):
                data = request(rng)
                answer = ask(port, data, stall=rng.random() < 0.05)
                status = answer[9:12].decode("latin-1") or "none"
                statuses[status] += 1
                is_sound = not answer or answer.startswith(b"HTTP/1.1 ")
                if not is_sound or status[0] == "5" or SECRET in answer:
                    faults += 1
                    print("fault:", data[:300], answer[:300])
            last = ask(port, b"GET /atom.xml HTTP/1.1\r\nHost: x\r\n\r\n", stall=False)
    faults += not last.endswith(FEED)
    print(f"{requests:,} requests: {dict(statuses.most_common())}; {faults} faults")
    return faults


if __name__ == "__main__":
    numbers = [int(number) for number in sys.argv[1:3]]
    sys.exit(bool(main(*(numbers + [10_000, 1][len(numbers) :]))))
