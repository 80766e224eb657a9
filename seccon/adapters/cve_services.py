"""CVE Services through cvelib, the programme's own client: reserve an id, list what is reserved, publish a record.

The key goes into a header and nowhere else. What an answer says is a stranger's text: ids are checked, sentences are cleaned.
"""

import json
from collections.abc import Callable
from itertools import islice
from typing import Any, TypeVar

from seccon.adapters.couriers.wording import said
from seccon.core.cve import ReservedCve
from seccon.core.errors import CveServiceError, SecretError
from seccon.core.ids import CveId, cve_id
from seccon.core.instants import Instant, from_text
from seccon.core.ports import Secrets

T = TypeVar("T")
_LISTED = 500
"""Ids that are listed at most: an org may hold thousands."""
_INSTALL = "Install it beside seccon: pip install 'seccon[cve]', or pipx inject seccon cvelib."
_LOST = "Look at the ids that are reserved (C) before you ask again: what was reserved is listed there."


class CveServices:
    """Fulfils core.ports.CveService."""

    def __init__(self, user: str, org: str, secrets: Secrets, name: str, *, environment: str = "prod", url: str = "") -> None:
        """`name`: under which the API key is kept; `url`: another server than that of `environment`."""
        self._user, self._org, self._secrets, self._name = user, org, secrets, name
        self._environment = environment
        self._url = url and f"{url.rstrip('/')}/"

    @property
    def org(self) -> str:
        """The CNA's short name there."""
        return self._org

    def remember(self, key: str) -> None:
        """Keep the API key that a person typed, in memory."""
        self._secrets.remember(self._name, key)

    def check(self) -> tuple[str, ...]:
        """Say what stands in the way, in words; asks nobody."""
        try:
            _library()
        except CveServiceError as error:
            return (str(error),)
        return tuple(self._secrets.check())

    def reserve(self, year: int) -> CveId:
        """Reserve one id of a year. A fault after the request left is `perhaps`: the id may be reserved all the same."""
        answer = self._ask(lambda api: api.reserve(1, False, str(year)), writes=True)
        try:
            return cve_id(str(answer["cve_ids"][0]["cve_id"]))
        except (KeyError, IndexError, TypeError, ValueError):
            raise CveServiceError("CVE Services answered, but named no id.", _LOST, perhaps=True) from None

    def reserved(self) -> tuple[ReservedCve, ...]:
        """List the org's reserved ids, the newest first. Raises CveServiceError, SecretError."""
        found = self._ask(lambda api: list(islice(api.list_cves(state="RESERVED"), _LISTED)))
        ids = [one for one in map(_reserved, found) if one is not None]
        return tuple(sorted(ids, key=lambda one: (str(one.reserved or ""), one.cve), reverse=True))

    def publish(self, cve: CveId, record: bytes) -> None:
        """Publish a record, or put it in the place of the one that is public. Raises CveServiceError, SecretError."""
        library = _library()
        try:
            given = json.loads(record)
            named = given.get("cveMetadata", {}).get("cveId", cve)
        except (ValueError, AttributeError, RecursionError):
            raise CveServiceError(
                "That is no CVE Record: it is not a JSON object.", "seccon export --format cve writes one."
            ) from None
        if named != cve:
            raise CveServiceError(f"The record is that of {said(str(named))}, not of {cve}.", "Give the record of this case.")
        try:
            self._ask(lambda api: _publish(api, library, cve, given), writes=True)
        except library.CveRecordValidationError as error:
            first = error.errors[0].message if error.errors else str(error)
            raise CveServiceError(f"The record does not fit the published schema: {said(first)}.", "Mend the advisory.") from None

    def _ask(self, act: Callable[[Any], T], *, writes: bool = False) -> T:
        """Have cvelib ask. `writes`: what fails after the request left may have been done."""
        library = _library()
        import requests

        api = _client(library)(self._user, self._org, self._key(), env=self._environment, url=self._url or None)
        try:
            return act(api)
        except requests.HTTPError as error:
            raise self._refused(error.response, writes) from None
        except requests.ConnectionError as error:
            lost = writes and not _never_left(error)
            raise CveServiceError(
                f"CVE Services cannot be reached: {_kind(error)}.", _LOST if lost else "", perhaps=lost
            ) from None
        except requests.Timeout:
            raise CveServiceError("CVE Services gave no answer in time.", _LOST if writes else "", perhaps=writes) from None
        except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError) as error:
            sentence = f"CVE Services gave an answer that cannot be read ({type(error).__name__})."
            raise CveServiceError(sentence, _LOST if writes else "", perhaps=writes) from None

    def _key(self) -> str:
        key = self._secrets.password(self._name)
        if not key:
            raise SecretError(f"There is no API key for {self._user} of {self._org} at CVE Services.", "Type it when asked.")
        return key

    def _refused(self, response: Any, writes: bool) -> CveServiceError:
        status = int(response.status_code)
        told = _told(response)
        why = f": {told}" if told else ""
        if status == 401:
            return CveServiceError(
                f"CVE Services do not accept the key of {self._user} of {self._org}{why}.", "Renew it, or mend [cve]."
            )
        if status >= 500:
            sentence = f"CVE Services have a fault (status {status}){why}."
            return CveServiceError(sentence, _LOST if writes else "Try again later.", perhaps=writes)
        return CveServiceError(f"CVE Services refuse it (status {status}){why}.")


def _library() -> Any:
    """Import cvelib. Raises CveServiceError with what to install."""
    try:
        from cvelib import cve_api
    except ImportError:
        raise CveServiceError("cvelib is not installed: ids cannot be reserved from here.", _INSTALL) from None
    return cve_api


def _client(library: Any) -> Any:
    """Give cvelib's client, which then follows no redirect: `requests` would take the key along, wherever that leads."""

    class Client(library.CveApi):  # type: ignore[misc]
        def _http_request(self, method: str, path: str, **kwargs: Any) -> Any:
            response = super()._http_request(method, path, allow_redirects=False, **kwargs)
            if response.is_redirect:
                raise CveServiceError("CVE Services point to another address; the key is not taken there.", "Mend url in [cve].")
            return response

    return Client


def _publish(api: Any, library: Any, cve: CveId, record: dict[str, Any]) -> None:
    """Publish it; where a record is public already, such as after an answer that was lost, put this one in its place."""
    import requests

    try:
        api.publish(cve, record)
    except requests.HTTPError as error:
        if _code(error.response) != library.CveApi.Errors.RECORD_EXISTS.value:
            raise
        api.update_published(cve, record)


def _reserved(given: Any) -> ReservedCve | None:
    try:
        user = (given.get("requested_by") or {}).get("user", "")
        return ReservedCve(cve_id(str(given["cve_id"])), said(str(user)), _when(given.get("reserved")))
    except (AttributeError, KeyError, ValueError):
        return None


def _when(text: Any) -> Instant | None:
    try:
        return from_text(str(text)) if text else None
    except ValueError:
        return None


def _body(response: Any) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _code(response: Any) -> str:
    return str(_body(response).get("error", ""))


def _told(response: Any) -> str:
    """Give what the service said, on one clean line."""
    found = _body(response)
    return said(" ".join(str(found.get("message") or found.get("error") or "").split()))


def _never_left(error: Exception) -> bool:
    """Say whether no connection was made at all."""
    from requests import ConnectTimeout
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    cause = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, ConnectTimeout) or isinstance(cause, NewConnectionError | ConnectTimeoutError)


def _kind(error: Exception) -> str:
    return "no connection" if _never_left(error) else "the connection broke"
