"""A server on this host that speaks CVE Services as published (CVEProject/cve-services: api-docs/openapi.json, schemas/cve-id).

Written from the field names, headers, error codes there; cvelib's own client talks to it. It can be told to go wrong.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlparse

ORG, USER, KEY = "example_cna", "alice@example.org", "1234-ABCD-the-api-key"
ORG_ID = "b3476cb9-2e3d-41a6-98d0-0f47421a65b6"
UNKNOWN_ORG = {"error": "UNAUTHORIZED", "message": "Unauthorized"}
QUOTA = {"error": "EXCEEDED_ID_QUOTA", "message": "The amount requested would exceed the organization's ID quota.", "details": {}}
EXISTS = {"error": "CVE_RECORD_EXISTS", "message": "A CVE Record already exists."}
DNE = {"error": "CVE_DNE", "message": "The CVE ID does not exist."}


class Programme:
    """What the service knows, what it was asked, and how it shall go wrong next (`fault`)."""

    def __init__(self) -> None:
        self.ids: dict[str, dict[str, Any]] = {}
        self.records: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, str, dict[str, list[str]]]] = []
        self.keys: list[str] = []
        self.quota = 100
        self.page = 1000
        self.fault = ""
        """`lost`: done, then the connection breaks; `hang`: done, then no answer; `500`, `garbage`, `empty`: what is answered."""
        self.url = self.elsewhere = ""
        self.released = threading.Event()

    def reserve(self, year: str, user: str = USER) -> dict[str, Any]:
        """Reserve the next id of a year."""
        name = f"CVE-{year}-{1000 + len(self.ids)}"
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        self.ids[name] = {
            "requested_by": {"cna": ORG, "user": user}, "cve_id": name, "cve_year": year, "state": "RESERVED", "owning_cna": ORG,
            "reserved": now, "time": {"created": now, "modified": now},
        }  # fmt: skip
        return self.ids[name]


class _Handler(BaseHTTPRequestHandler):
    programme: Programme
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PUT(self) -> None:
        self._answer("PUT")

    def _answer(self, method: str) -> None:
        here = urlparse(self.path)
        query = parse_qs(here.query)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.programme.asked.append((method, here.path, query))
        self.programme.keys.append(self.headers.get("CVE-API-KEY", ""))
        given = tuple(self.headers.get(f"CVE-API-{name}", "") for name in ("KEY", "ORG", "USER"))
        if given != (KEY, ORG, USER):
            self._send(401, UNKNOWN_ORG)
            return
        status, answer = self._routed(method, here.path, query, body)
        self._send_or_fail(status, answer, writes=method != "GET")

    def _routed(self, method: str, path: str, query: dict[str, list[str]], body: bytes) -> tuple[int, Any]:
        parts = path.strip("/").split("/")
        match (method, parts):
            case ("POST", ["api", "cve-id"]):
                return self._reserved(query)
            case ("GET", ["api", "cve-id"]):
                return 200, self._listed(query)
            case ("GET", ["api", "org", org]) if org == ORG:
                return 200, {"short_name": ORG, "UUID": ORG_ID, "name": "Example CNA"}
            case (("POST" | "PUT"), ["api", "cve", name, "cna"]):
                return self._published(method, name, json.loads(body))
        return 404, {"error": "NOT_FOUND", "message": "No such endpoint."}

    def _reserved(self, query: dict[str, list[str]]) -> tuple[int, Any]:
        if query.get("short_name") != [ORG] or query.get("amount") != ["1"] or len(query.get("cve_year", [])) != 1:
            return 400, {"error": "BAD_INPUT", "message": "Parameters were invalid"}
        reserved = sum(one["state"] == "RESERVED" for one in self.programme.ids.values())
        if reserved >= self.programme.quota:
            return 403, QUOTA
        made = self.programme.reserve(query["cve_year"][0])
        return 200, {"cve_ids": [made], "meta": {"remaining_quota": self.programme.quota - reserved - 1}}

    def _listed(self, query: dict[str, list[str]]) -> dict[str, Any]:
        state = query.get("state", [""])[0]
        found = [one for one in self.programme.ids.values() if state in ("", one["state"])]
        page, size = int(query.get("page", ["1"])[0]), self.programme.page
        shown = found[(page - 1) * size : page * size]
        answer: dict[str, Any] = {"cve_ids": shown}
        if len(found) > size:
            pages = -(-len(found) // size)
            answer |= {"totalCount": len(found), "itemsPerPage": size, "pageCount": pages, "currentPage": page,
                       "prevPage": page - 1 or None, "nextPage": page + 1 if page < pages else None}  # fmt: skip
        return answer

    def _published(self, method: str, name: str, given: Any) -> tuple[int, Any]:
        if name not in self.programme.ids:
            return 404, DNE
        if method == "POST" and name in self.programme.records:
            return 403, EXISTS
        container = given["cnaContainer"]
        if "descriptions" not in container or "affected" not in container or "providerMetadata" not in container:
            return 400, {"error": "INVALID_JSON_SCHEMA", "message": "CVE JSON schema validation FAILED."}
        self.programme.records[name] = container
        self.programme.ids[name]["state"] = "PUBLISHED"
        record = {"dataType": "CVE_RECORD", "dataVersion": "5.2.0", "cveMetadata": {"cveId": name, "state": "PUBLISHED"}}
        return 200, {"message": f"{name} record was successfully created.", "created": record}

    def _send_or_fail(self, status: int, answer: Any, *, writes: bool) -> None:
        fault = (
            self.programme.fault
            if writes
            else self.programme.fault.removesuffix("!")
            if self.programme.fault.endswith("!")
            else ""
        )
        match fault:
            case "lost":
                self.close_connection = True
                self.connection.close()
            case "hang":
                self.programme.released.wait(10)
                self.close_connection = True
            case "redirect":
                self.send_response(307)
                self.send_header("Location", self.programme.elsewhere)
                self.send_header("Content-Length", "0")
                self.end_headers()
            case "500":
                self._send(500, {"error": "INTERNAL_SERVER_ERROR", "message": "Internal \x1b[2JServer Error"})
            case "garbage":
                self._send(200, b"<html>\x1b[2J not what you think")
            case "empty":
                self._send(200, {"cve_ids": [{"cve_id": "CVE-2026-1\n"}]} if writes else [])
            case _:
                self._send(status, answer)

    def _send(self, status: int, answer: Any) -> None:
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def running() -> Iterator[Programme]:
    """Run the service on a free port of this host until the block ends."""
    programme = Programme()
    handler = type("Handler", (_Handler,), {"programme": programme})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    programme.url = f"http://127.0.0.1:{server.server_port}/api/"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield programme
    finally:
        programme.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
