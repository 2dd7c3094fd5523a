"""What plain tools see through one line of the laboratory: `eye.py dsl0 192.168.1.1` prints it as JSON.

Knows nothing of the program under test. Each look waits half a second, all at once.
"""

import json
import os
import socket
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PATIENCE = 0.5
RCODES = {2: "SERVFAIL", 3: "NXDOMAIN", 5: "REFUSED"}
OPTIONS = (
    "OPTIONS sip:office.test SIP/2.0\r\nVia: SIP/2.0/UDP {here}:{port};rport;branch=z9hG4bKeye{port}\r\n"
    "From: <sip:eye@office.test>;tag=eye\r\nTo: <sip:office.test>\r\nCall-ID: {port}@eye\r\n"
    "CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
)


def ping(line, address):
    asked = subprocess.run(
        ["ping", "-c1", f"-W{PATIENCE}", "-I", line, address], capture_output=True, text=True
    )
    if asked.returncode == 0:
        return "answers"
    return "unreachable" if "Destination Host Unreachable" in asked.stdout else "silent"


def page(line, name, address, path="/"):
    url = f"http://{name}{path}"
    ask = ["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", "-m", str(PATIENCE), "--interface", line]
    asked = subprocess.run([*ask, "--resolve", f"{name}:80:{address}", url], capture_output=True, text=True)
    return {0: asked.stdout, 7: "no connection", 28: "silent"}.get(
        asked.returncode, f"curl {asked.returncode}"
    )


def talk(kind, line, address, port, say=None):
    """Connect, say something where there is something to say, and hear one answer."""
    with socket.socket(socket.AF_INET, kind) as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, line.encode())
        s.settimeout(PATIENCE)
        try:
            s.connect((address, port))
            if say is None:
                return "open"
            s.send(say(*s.getsockname()))
            return s.recv(2000)
        except TimeoutError:
            return "silent"
        except ConnectionRefusedError:
            return "refused"
        except OSError:
            return "unreachable"


def name(line, server):
    question = b"".join(bytes([len(part)]) + part for part in (b"www", b"office", b"test")) + b"\0\0\1\0\1"
    query = struct.pack("!6H", 4711, 0x100, 1, 0, 0, 0) + question
    answer = talk(socket.SOCK_DGRAM, line, server, 53, lambda *_: query)
    if isinstance(answer, str):
        return answer
    rcode, answers = answer[3] & 15, struct.unpack("!H", answer[6:8])[0]
    return socket.inet_ntoa(answer[-4:]) if answers else RCODES.get(rcode, str(rcode))


def phone(line):
    answer = talk(
        socket.SOCK_DGRAM,
        line,
        "203.0.113.30",
        5060,
        lambda here, port: OPTIONS.format(here=here, port=port).encode(),
    )
    return answer if isinstance(answer, str) else answer.split()[1].decode()


def looks(line, gateway):
    return {
        "carrier": lambda: Path(f"/sys/class/net/{line}/carrier").read_text().strip(),
        "gateway": lambda: ping(line, gateway),
        "internet": lambda: ping(line, "1.1.1.1"),
        "tcp": lambda: talk(socket.SOCK_STREAM, line, "9.9.9.9", 443),
        "dns gateway": lambda: name(line, gateway),
        "dns public": lambda: name(line, "8.8.8.8"),
        "web": lambda: page(line, "connectivitycheck.gstatic.com", "203.0.113.20", "/generate_204"),
        "site": lambda: page(line, "www.office.test", "203.0.113.10"),
        "phone": lambda: phone(line),
    }


if __name__ == "__main__":
    todo = looks(*sys.argv[1:])
    with ThreadPoolExecutor(len(todo)) as pool:
        seen = pool.map(lambda look: look(), todo.values())
        print(json.dumps(dict(zip(todo, seen, strict=True))))
