"""CVE Services through cvelib's own client, against a server that speaks the published interface (F1)."""

import functools
import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from seccon.adapters.cve_services import CveServices
from seccon.adapters.secrets import KeyringSecrets
from seccon.core.errors import CveServiceError, SecretError
from tests.cve_services import KEY, ORG, ORG_ID, USER, Programme, running

NAME = f"cve:{USER}@{ORG}"
RECORD = {
    "affected": [{"vendor": "Example", "product": "Emulator", "versions": [{"version": "1.0", "status": "affected"}]}],
    "descriptions": [{"lang": "en", "value": "A guest writes past the end of the ring."}],
    "problemTypes": [{"descriptions": [{"lang": "en", "description": "CWE-787", "cweId": "CWE-787", "type": "CWE"}]}],
    "references": [{"url": "https://example.org/advisory/1"}],
}


@pytest.fixture
def programme() -> Iterator[Programme]:
    with running() as made:
        yield made


def service(programme: Programme, key: str = KEY, user: str = USER) -> CveServices:
    secrets = KeyringSecrets((sys.executable, "-c", f"print({key!r})"), table="cve")
    return CveServices(user, ORG, secrets, NAME, url=programme.url)


def refused(act: Any) -> CveServiceError:
    with pytest.raises(CveServiceError) as error:
        act()
    assert "\x1b" not in str(error.value), "what a server says reaches a terminal cleaned"
    assert KEY not in str(error.value)
    return error.value


def test_one_id_is_reserved_by_the_published_call(programme: Programme) -> None:
    assert service(programme).reserve(2026) == "CVE-2026-1000"
    ((method, path, query),) = programme.asked
    assert (method, path) == ("POST", "/api/cve-id")
    assert query == {"cve_year": ["2026"], "amount": ["1"], "short_name": [ORG]}
    assert programme.ids["CVE-2026-1000"]["requested_by"] == {"cna": ORG, "user": USER}


def test_reserved_ids_are_listed_page_by_page_and_published_ones_are_not(programme: Programme) -> None:
    programme.page = 2
    for _ in range(5):
        programme.reserve("2026", "bob@example.org")
    programme.ids["CVE-2026-1001"]["state"] = "PUBLISHED"
    found = service(programme).reserved()
    assert sorted(one.cve for one in found) == ["CVE-2026-1000", "CVE-2026-1002", "CVE-2026-1003", "CVE-2026-1004"]
    assert found[0].user == "bob@example.org"
    assert found[0].reserved is not None
    assert len(programme.asked) == 2


def test_a_wrong_key_is_told_without_the_key(programme: Programme) -> None:
    error = refused(lambda: service(programme, key="wrong").reserve(2026))
    assert f"key of {USER} of {ORG}" in error.sentence
    assert not error.perhaps
    assert programme.ids == {}


def test_a_quota_that_is_used_up_is_told_in_the_services_words(programme: Programme) -> None:
    programme.quota = 0
    error = refused(lambda: service(programme).reserve(2026))
    assert "quota" in error.sentence
    assert not error.perhaps


@pytest.mark.parametrize("fault", ["lost", "500", "garbage", "empty"])
def test_what_fails_after_it_left_may_have_been_done_and_is_found_again(programme: Programme, fault: str) -> None:
    """A reserved id is not lost: the service has it, and lists it."""
    programme.fault = fault
    error = refused(lambda: service(programme).reserve(2026))
    assert error.perhaps
    assert "reserved" in error.hint
    assert [one.cve for one in service(programme).reserved()] == ["CVE-2026-1000"]


def test_no_answer_in_time_may_have_been_done(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    from cvelib import cve_api

    def hasty(*args: Any, **fields: Any) -> Any:  # cvelib waits a minute: too long for a test
        return request(*args, **(fields | {"timeout": 0.4}))

    request = cve_api.requests.request
    monkeypatch.setattr(cve_api.requests, "request", functools.wraps(request)(hasty))
    programme.fault = "hang"
    error = refused(lambda: service(programme).reserve(2026))
    assert error.perhaps
    assert "in time" in error.sentence
    assert list(programme.ids) == ["CVE-2026-1000"]


def test_the_key_follows_no_redirect(programme: Programme) -> None:
    with running() as other:
        programme.fault, programme.elsewhere = "redirect", f"{other.url}cve-id?amount=1&cve_year=2026&short_name={ORG}"
        error = refused(lambda: service(programme).reserve(2026))
        assert "another address" in error.sentence
        assert other.keys == []


@pytest.mark.parametrize("fault", ["500!", "garbage!", "empty!"])
def test_a_list_that_cannot_be_read_reserves_nothing(programme: Programme, fault: str) -> None:
    programme.fault = fault
    assert not refused(service(programme).reserved).perhaps


def test_a_server_that_is_not_there_has_reserved_nothing() -> None:
    with running() as gone:
        pass
    error = refused(lambda: service(gone).reserve(2026))
    assert not error.perhaps
    assert "no connection" in error.sentence


def test_a_record_is_published_and_published_anew_after_a_lost_answer(programme: Programme) -> None:
    """POST, and PUT where it is public already: an answer that was lost is no dead end."""
    cve = service(programme).reserve(2026)
    programme.fault = "lost"
    assert refused(lambda: service(programme).publish(cve, json.dumps(RECORD).encode())).perhaps
    programme.fault = ""
    service(programme).publish(cve, json.dumps(RECORD).encode())
    assert [method for method, path, _ in programme.asked if path.endswith("/cna")] == ["POST", "POST", "PUT"]
    published = programme.records[cve]
    assert published["providerMetadata"] == {"orgId": ORG_ID}
    assert published["descriptions"] == RECORD["descriptions"]
    assert programme.ids[cve]["state"] == "PUBLISHED"


def test_a_record_that_does_not_fit_the_schema_never_leaves(programme: Programme) -> None:
    cve = service(programme).reserve(2026)
    error = refused(lambda: service(programme).publish(cve, b'{"descriptions": []}'))
    assert "schema" in error.sentence
    assert "not a JSON object" in refused(lambda: service(programme).publish(cve, b"[")).sentence
    other = {"dataType": "CVE_RECORD", "cveMetadata": {"cveId": "CVE-2026-9999"}, "containers": {"cna": RECORD}}
    assert "CVE-2026-9999" in refused(lambda: service(programme).publish(cve, json.dumps(other).encode())).sentence
    assert programme.records == {}


def test_the_key_is_asked_of_the_secrets_and_can_be_typed(programme: Programme) -> None:
    class Empty:
        typed = ""

        def password(self, name: str) -> str | None:
            assert name == NAME
            return self.typed or None

        def remember(self, name: str, password: str) -> None:
            self.typed = password

        def keep(self, name: str, password: str) -> None: ...

        def check(self) -> tuple[str, ...]:
            return ()

    made = CveServices(USER, ORG, Empty(), NAME, url=programme.url)
    with pytest.raises(SecretError, match="no API key"):
        made.reserve(2026)
    assert programme.asked == []
    made.remember(KEY)
    assert made.reserve(2026) == "CVE-2026-1000"


def test_without_cvelib_it_says_what_to_install(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cvelib", None)
    monkeypatch.setitem(sys.modules, "cvelib.cve_api", None)
    error = refused(lambda: service(programme).reserve(2026))
    assert "seccon[cve]" in error.hint
    assert "not installed" in service(programme).check()[0]
