#!/usr/bin/env python3
"""Memory of a running weft serve under mixed load, malformed requests among it, one connection at a time.

    recipes/serve-load/memory.py PID URL LINES [MINUTES] [PAUSE]

The server has one model, called en-zh. LINES: a file of source lines. PAUSE: seconds between two requests (0.2). Prints a line a
minute: minutes, requests so far, those of them that were answered with 2xx, with 4xx, and without an answer (a broken request whose
connection was closed), and VmRSS in kB. Ends with status 1 if a request was answered with 5xx or the server is gone.
"""
import json
import random
import socket
import sys
import time
from urllib.parse import urlsplit


def resident_kilobytes(process):
    with open(f"/proc/{process}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def request(method, path, body=b"", kind="application/json"):
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def well_formed(chance, lines):
    """A request of any kind that a client may send."""
    some = chance.choices(lines, k=chance.choice([1, 1, 1, 2, 5, 20]))
    text = "\n".join(some)
    bodies = [
        ("/translate", {"text": text}),
        ("/translate", {"text": some, "n_best": 3, "beam_size": chance.randint(3, 8), "alignment": True}),
        ("/translate", {"text": text, "stream": True, "alignment": True}),
        ("/translate", {"q": text, "source": "auto", "target": "zh"}),
        ("/v2/translate", {"text": some, "target_lang": "ZH"}),
        ("/translate", {"text": some, "samples": 4, "temperature": 1.5}),
        ("/align", {"source": some[0], "target": chance.choice(lines)}),
        ("/score", {"source": some, "target": chance.choices(lines, k=len(some))}),
    ]
    path, body = chance.choice(bodies + [("/models", None), ("/metrics", None), ("/", None), ("/healthz", None)])
    return request("GET", path) if body is None else request("POST", path, json.dumps(body).encode())


def malformed(chance, lines):
    """Bytes changed, left out, doubled, cut; or a form that is wrong."""
    if chance.random() < 0.5:
        body = chance.choice([b"{", b'{"text": 3}', b'{"text": "\xff"}', b"[]" * 1000, b'{"text": "a", "model": "none"}',
                              json.dumps({"text": "x" * 20000}).encode(), json.dumps({"text": "a\n" * 3000}).encode()])
        return request("POST", chance.choice(["/translate", "/align", "/score", "/nothing", "/../etc/passwd"]), body)
    broken = bytearray(well_formed(chance, lines))
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(max(1, len(broken) - 1))  # what is left is at least a byte
        change = chance.randrange(4)
        if change == 0:
            broken[at] = chance.randrange(256)
        elif change == 1 and len(broken) > 8:
            del broken[at:at + chance.randint(1, 4)]
        elif change == 2:
            broken[at:at] = broken[at:at + chance.randrange(20)]
        else:
            del broken[at + 1:]
    return bytes(broken)


def status_of_answer(address, message, ends_early):
    """0: the connection was closed without an answer. `ends_early`: no more will be sent, so that what is cut is not waited for."""
    with socket.create_connection(address, timeout=120) as connection:
        answer = b""
        try:
            connection.sendall(message)
            if ends_early:
                connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(1 << 16):
                answer += part
        except ConnectionError:
            pass
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def main():
    process, url, file = sys.argv[1:4]
    minutes = float(sys.argv[4]) if len(sys.argv) > 4 else 60
    pause = float(sys.argv[5]) if len(sys.argv) > 5 else 0.2
    address = (urlsplit(url).hostname, urlsplit(url).port)
    lines = open(file, encoding="utf-8").read().splitlines()
    chance = random.Random(1)
    counts = {}
    begin = time.monotonic()
    next_report = 0
    print("minutes requests 2xx 4xx none kB")
    while (passed := (time.monotonic() - begin) / 60) < minutes or passed >= next_report:
        if passed >= next_report:
            print(next_report, sum(counts.values()), counts.get(2, 0), counts.get(4, 0), counts.get(0, 0), resident_kilobytes(process),
                  flush=True)
            next_report += 1
            if next_report > minutes:
                break
        is_broken = chance.random() < 0.3
        message = (malformed if is_broken else well_formed)(chance, lines)
        status = status_of_answer(address, message, is_broken)
        if status >= 500 and status != 501:
            sys.exit(f"memory.py: {status} for {message[:2000]!r}")
        counts[status // 100] = counts.get(status // 100, 0) + 1
        time.sleep(pause)


main()
