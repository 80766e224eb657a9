"""A domain with a Web Key Directory, in a network of its own: names, certificates and port 443 of nobody but this process.

Run as a child, within new namespaces, so that the real dirmngr and its TLS may be given names and an authority that the host
never sees. Reads a plan (JSON) and writes what came of the lookup (JSON).
"""

import base64
import fcntl
import json
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

from seccon.adapters.keyring import GpgKeyring
from seccon.core.errors import CryptoError
from tests.keysmith import GpgHome

_MOUNT = shutil.which("mount") or "mount"
_UNSHARE = ("unshare", "--map-root-user", "--mount", "--net")
_SIOCSIFFLAGS, _UP = 0x8914, 0x41
_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
"""Where Debian's dirmngr looks for the system's authorities."""


def why_not() -> str:
    """Say why this host cannot have such a network; empty where it can."""
    if not Path(_AUTHORITIES).exists() or shutil.which("dirmngr") is None:
        return "wants dirmngr and the system's certificates where Debian has them"
    tried = subprocess.run([*_UNSHARE, "true"], capture_output=True, check=False)
    return "wants namespaces of its own (unshare), which this host forbids" if tried.returncode else ""


def look_up(address: str, files: dict[str, bytes], hosts: Sequence[str], *, certified: bool = True) -> dict[str, Any]:
    """Look an address up where a server with these names has these files; give `asked`, `key` and `error`."""
    plan = {
        "address": address, "hosts": list(hosts), "certified": certified,
        "files": {path: base64.b64encode(data).decode() for path, data in files.items()},
    }  # fmt: skip
    command = [*_UNSHARE, sys.executable, "-m", "tests.domain"]
    done = subprocess.run(command, input=json.dumps(plan).encode(), capture_output=True, check=False, timeout=100)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    found: dict[str, Any] = json.loads(done.stdout)
    return found | {"key": base64.b64decode(found["key"])}


def _main() -> None:
    plan = json.load(sys.stdin)
    files = {path: base64.b64decode(data) for path, data in plan["files"].items()}
    with _network(plan["hosts"], certified=plan["certified"]) as certificate, GpgHome() as home:
        (home.path / "dirmngr.conf").write_text("standard-resolver\n")
        asked = _serve(files, certificate)
        ring = GpgKeyring(str(home.path))
        key, error = b"", ""
        try:
            key = ring.look_up(plan["address"])
        except CryptoError as met:
            error = str(met)
        if ring.all():
            raise RuntimeError("what was looked up came into the keyring")
    json.dump({"asked": asked, "key": base64.b64encode(key).decode(), "error": error}, sys.stdout)


@contextmanager
def _network(hosts: Sequence[str], *, certified: bool) -> Iterator[trustme.LeafCert]:
    """Raise the loopback, and put names and an authority in place of the host's."""
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        with socket.socket() as device:
            fcntl.ioctl(device, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _UP))
        trusted, other = trustme.CA(), trustme.CA()
        trusted.cert_pem.write_to_path(str(place / "ca"))
        (place / "hosts").write_text(f"127.0.0.1 localhost {' '.join(hosts)}\n")
        (place / "resolv").write_text("nameserver 127.0.0.1\n")
        threading.Thread(target=_deny_names, daemon=True).start()
        shadowed = ((place / "hosts", "/etc/hosts"), (place / "resolv", "/etc/resolv.conf"), (place / "ca", _AUTHORITIES))
        for source, target in shadowed:
            subprocess.run([_MOUNT, "--bind", str(source), target], check=True)
        yield (trusted if certified else other).issue_cert(*hosts)


def _deny_names() -> None:
    """Answer every question of DNS with: there is no such name (RFC 1035, 4.1.1). An unanswered one is no answer to dirmngr."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 53))
        while True:
            question, asker = server.recvfrom(512)
            server.sendto(question[:2] + b"\x81\x83" + question[4:6] + b"\0" * 6 + question[12:], asker)


def _serve(files: dict[str, bytes], certificate: trustme.LeafCert) -> list[str]:
    """Answer on port 443; give the list that fills with what is asked for."""
    asked: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.headers['Host']}{self.path}")
            data = files.get(self.path.partition("?")[0])
            self.send_response(404 if data is None else 200)
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 443), Answers)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return asked


if __name__ == "__main__":
    _main()
