"""Examine everything that the desk stands on, through its ports; each part by itself, so that one failure hides no other."""

from collections.abc import Callable, Iterator

from seccon.core.errors import SecconError
from seccon.core.health import Examined
from seccon.core.keys import faults, warnings
from seccon.core.notmuch_query import faults_of
from seccon.core.plural import count
from seccon.core.team import Project
from seccon.desk.audit import Audit
from seccon.desk.office import Office
from seccon.desk.open_cves import ReadOpenCves
from seccon.desk.request import Request
from seccon.desk.roster import roster_of


class Examine(Request, frozen=True, kw_only=True):
    """Look at policies, store, ledger, keys, courier, keyring, roster and clones; change nothing."""

    def perform(self, office: Office) -> tuple[Examined, ...]:
        """Give all findings, also of parts that fail."""
        parts: tuple[tuple[str, Callable[[Office], Iterator[Examined]]], ...] = (
            ("policy", _policies),
            ("store", _store),
            ("ledger", _ledger),
            ("gpg", _keys),
            ("courier", _courier),
            ("keyring", _secrets),
            ("roster", _roster),
            ("editor", _editor),
            ("cve", _cve),
            ("clones", _clones),
        )
        return tuple(found for part, look in parts for found in _guarded(part, look, office))


def _guarded(part: str, look: Callable[[Office], Iterator[Examined]], office: Office) -> Iterator[Examined]:
    try:
        yield from look(office)
    except SecconError as error:
        yield Examined(part, "broken", error.sentence, error.hint)


def _policies(office: Office) -> Iterator[Examined]:
    for project in office.projects:
        policy = office.policies[project.policy]
        if policy.mail:
            yield Examined("policy", "ok", f"Project {project.name} follows {policy.key}: {policy.title}.")
        else:
            yield Examined(
                "policy", "warning", f"Project {project.name} follows {policy.key}, which takes no reports by mail.", policy.note
            )


def _store(office: Office) -> Iterator[Examined]:
    revision = office.store.revision()
    held = count(office.store.count("*"), "mail")
    yield Examined("store", "ok", f"The mail store answers: {held}, revision {revision.lastmod}.")
    for project in office.projects:
        yield from _query(office, project)


def _query(office: Office, project: Project) -> Iterator[Examined]:
    """A query that notmuch misunderstands is no error to it: it matches something else, or nothing."""
    wrong = list(faults_of(project.reports))
    for fault in wrong:
        mend = "Mend reports in the configuration, or in the policy; man notmuch-search-terms"
        yield Examined("store", "broken", f"The report query of {project.name} {fault}: {project.reports}", mend)
    found = office.store.count(project.reports)
    if found:
        said = count(found, "mail matches", "mails match")
        yield Examined("store", "ok", f"{said} the report query of {project.name}: {project.reports}")
    elif not wrong:
        sentence = f"No mail at all matches the report query of {project.name}: {project.reports}"
        yield Examined("store", "warning", sentence, "Check the query: notmuch count -- QUERY")


def _ledger(office: Office) -> Iterator[Examined]:
    proof = Audit().perform(office)
    for sentence in proof.breaks:
        yield Examined("ledger", "broken", sentence, "Stop writing to it, and compare with the last backup.")
    if proof.holds:
        counts = office.ledger.counts(office.clock(), office.person)
        yield Examined("ledger", "ok", f"The journal's chain holds; {count(counts.open, 'open case')}, {counts.overdue} overdue.")
    if counts_outbox := len(office.ledger.items()):
        yield Examined("ledger", "ok", f"{count(counts_outbox, 'mail')} in the outbox, sent ones included.")


def _keys(office: Office) -> Iterator[Examined]:
    now = office.clock()
    if not office.identities:
        yield Examined(
            "gpg", "warning", "No [[identity]] is configured: nobody can reply.", "Add [[identity]] with address and sign_key."
        )
    for identity in office.identities:
        if identity.sign_key is None:
            yield Examined("gpg", "warning", f"{identity.address} has no sign_key: nothing can be signed from it.")
            continue
        key = office.keyring.key(identity.sign_key)
        wrong = faults(key, now, "sign") if key else ("is not in the keyring",)
        if wrong:
            mend = f"gpg --list-secret-keys {identity.sign_key}"
            yield Examined("gpg", "broken", f"The signing key of {identity.address} {', '.join(wrong)}.", mend)
        else:
            soon = warnings(key, now) if key else ()
            ending = f", but {', '.join(soon)}" if soon else ""
            sentence = f"The signing key of {identity.address} can be used{ending}."
            yield Examined("gpg", "warning" if soon else "ok", sentence)
    yield from _member_keys(office)


def _member_keys(office: Office) -> Iterator[Examined]:
    now = office.clock()
    for member in roster_of(office).members:
        if member.key is None:
            yield Examined("gpg", "warning", f"{member.name} has no key on the roster: nothing can be encrypted to them.")
            continue
        key = office.keyring.key(member.key)
        wrong = (*faults(key, now), *warnings(key, now)) if key else ("is not in the keyring",)
        if wrong:
            yield Examined("gpg", "warning", f"The key of {member.name} {', '.join(wrong)}.", f"gpg --list-keys {member.key}")


def _courier(office: Office) -> Iterator[Examined]:
    wrong = office.courier.check()
    for sentence in wrong:
        yield Examined("courier", "broken", sentence)
    if not wrong:
        yield Examined("courier", "ok", "The courier is ready.")


def _secrets(office: Office) -> Iterator[Examined]:
    used = [
        secrets
        for secrets, wanted in ((office.secrets, office.smtp_login), (office.passphrases, "passphrase"))
        if wanted and secrets
    ]
    if not used:
        yield Examined("keyring", "ok", "No password is wanted by the configuration.")
        return
    wrong = dict.fromkeys(sentence for secrets in used for sentence in secrets.check())
    for sentence in wrong:
        yield Examined("keyring", "warning", sentence)
    if not wrong:
        yield Examined("keyring", "ok", "Where passwords are kept answers, and keeps them safely.")


def _roster(office: Office) -> Iterator[Examined]:
    if not roster_of(office).members:
        yield Examined(
            "roster", "warning", "The roster is empty: no mail counts as an acknowledgement.", "Add [[member]] entries."
        )
    elif roster_of(office).by_login(office.person) is None:
        mend = f'Add login = "{office.person}" to a [[member]].'
        yield Examined("roster", "warning", f"You ('{office.person}') are nobody on the roster: you can look, not decide.", mend)
    else:
        people = count(len(roster_of(office).members), "person", "people")
        yield Examined("roster", "ok", f"You are {roster_of(office).display(office.person)}; {people} on the roster.")


def _editor(office: Office) -> Iterator[Examined]:
    """An editing that ended with the connection leaves the text behind: in clear, in the person's private directory."""
    if office.editor is None:
        return
    for left in office.editor.leftovers():
        yield Examined("editor", "broken", f"A text that was being edited lies in clear in {left}.", f"Look, then: rm -r {left}")
    if office.editor.warning:
        yield Examined(
            "editor", "warning", office.editor.warning, "vim, nvim and nano are told to leave nothing: export VISUAL=vim"
        )


def _cve(office: Office) -> Iterator[Examined]:
    """An id whose record stays away is found by nobody who looks at open cases: its case may be closed."""
    for sentence in office.cve.check() if office.cve is not None else ():
        yield Examined("cve", "warning", sentence)
    for one in ReadOpenCves().perform(office):
        whose = "its record is ours to publish" if one.ours else f"it was allocated by {one.allocated or 'somebody'}"
        mend = "Press C on the case: publish the record, record that it is public, or withdraw the id."
        yield Examined("cve", "warning", f"{one.cve} of {one.label}: {one.why}; {whose}.", mend)


def _clones(office: Office) -> Iterator[Examined]:
    """A clone that is gone or cut off proves nothing, and would be found out on the day."""
    port = office.repositories
    if port is None:
        return
    for name in port.names:
        try:
            found = len(port.refs(name))
            yield Examined(
                "clones", "ok", f"The clone of {name} can be read: {count(found, 'branch or tag', 'branches and tags')}."
            )
        except SecconError as error:
            yield Examined("clones", "broken", error.sentence, error.hint)
