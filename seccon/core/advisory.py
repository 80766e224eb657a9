"""The advisory of a case: what its entries, its policy and a person's words come to. Every format is written from this value.

What is not decided is not told: a reporter whose wish is not known is not named, a fix that is not merged is no fix.
"""

import re
from collections.abc import Iterable, Mapping

import msgspec

from seccon.core.advisory_rule import AdvisoryRule, Product, page_of
from seccon.core.case import Case
from seccon.core.credit import Person, people
from seccon.core.ids import CveId
from seccon.core.instants import EPOCH, Instant
from seccon.core.journal.disclosure import AdvisorySet, Reference
from seccon.core.journal.work import BranchSet
from seccon.core.policy import Policy
from seccon.core.wording import clean, is_url, line

NO_WORKAROUND = ("none", "none known", "no workaround", "no workaround is known", "no workaround known")
"""Words that say: it was looked for, and there is none."""


BUG = re.compile(r"([A-Za-z][A-Za-z0-9._-]{0,39})#([A-Za-z0-9][A-Za-z0-9._-]{0,39})")
"""A bug of a tracker that shows nobody a page, as it stands among the references: `FICORA#876194`."""


class Place(msgspec.Struct, frozen=True):
    """A branch of the project: what is broken on it, and what is fixed."""

    name: str
    product: str
    state: str
    introduced: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    vulnerable_tags: tuple[str, ...] = ()
    fixed_tags: tuple[str, ...] = ()

    @property
    def affected(self) -> bool:
        """The fault is, or was, on it."""
        return self.state != "not-affected"

    @property
    def told(self) -> bool:
        """There is a commit or a tag to tell."""
        return bool(self.introduced or self.fixes or self.vulnerable_tags or self.fixed_tags)


class Advisory(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an advisory tells, cleaned of what could act on a reader."""

    label: str
    project: str
    rule: AdvisoryRule
    products: tuple[Product, ...]
    notice: str = ""
    title: str = ""
    description: str = ""
    impact: str = ""
    workaround: str = ""
    no_workaround: bool = False
    """It was looked for one, and there is none."""
    cwe: str = ""
    cwe_name: str = ""
    severity: str = ""
    cvss: str = ""
    cve: CveId | None = None
    also: tuple[CveId, ...] = ()
    recorded: Instant | None = None
    """When the record of `cve` became public at the CVE list: later than the matter itself."""
    references: tuple[Reference, ...] = ()
    malformed: tuple[str, ...] = ()
    """References that are no web addresses: no format takes them."""
    bugs: tuple[tuple[str, str], ...] = ()
    """Tracker and number of each bug that the references name."""
    finders: tuple[Person, ...] = ()
    patchers: tuple[Person, ...] = ()
    reviewers: tuple[Person, ...] = ()
    testers: tuple[Person, ...] = ()
    reported: Instant | None = None
    published: Instant | None = None
    fixed: Instant | None = None
    modified: Instant = EPOCH
    """When anything of the case changed last."""
    revised: tuple[Instant, ...] = ()
    """When the words were changed after they were public."""
    places: tuple[Place, ...] = ()
    secret_until: Instant | None = None
    """The embargo holds, until this date."""
    draft: bool = False
    """It is no publication: marked as a draft, and as TLP:RED."""

    @property
    def cves(self) -> tuple[CveId, ...]:
        """All ids that it tells of, the case's own first."""
        return ((self.cve,) if self.cve else ()) + self.also

    @property
    def name(self) -> str:
        """What people call it: the notice, the CVE id, the case."""
        return f"{self.rule.prefix}{self.notice}" if self.notice else self.cve or self.label

    @property
    def affected(self) -> tuple[Place, ...]:
        """The branches that tell what is broken."""
        return tuple(one for one in self.places if one.affected and one.told)

    def of(self, product: Product) -> tuple[Place, ...]:
        """Give the branches of one product that are affected."""
        return tuple(one for one in self.affected if one.product == product.name)


def advisory(case: Case, policy: Policy, *, draft: bool = False, weaknesses: Mapping[str, str] | None = None) -> Advisory:
    """Give the advisory as it stands; `weaknesses` are the names of CWE ids."""
    words, rule = case.work.advisory or AdvisorySet(), policy.advisory
    products = rule.product or (Product(case.project or policy.name),)
    places = _places(case, policy, products)
    newest = case.work.fixes[-1] if case.work.fixes else None
    published = words.published or first_public(case)
    workaround = clean(words.workaround)
    links = _references(case, words, rule, products, places)
    references = [one for one in links if is_url(one.url)]
    pageless = [one.url for one in links if BUG.fullmatch(one.url)]
    return Advisory(
        label=case.label,
        project=case.project,
        rule=rule,
        products=products,
        notice=line(words.notice),
        title=line(words.title),
        description=clean(words.description),
        impact=clean(words.impact),
        workaround="" if _is_none(workaround) else workaround,
        no_workaround=_is_none(workaround),
        cwe=line(words.cwe).upper(),
        cwe_name=(weaknesses or {}).get(line(words.cwe).upper(), ""),
        severity=line(case.severity),
        cvss=line(case.assessment.body.cvss) if case.assessment and not case.sealed else "",
        cve=case.work.cve,
        also=_also(case, words),
        recorded=case.work.published[case.work.cve].when if case.work.cve in case.work.published else None,
        references=tuple({one.url: one for one in reversed(references)}.values())[::-1],
        malformed=tuple(dict.fromkeys(one.url for one in links if not is_url(one.url) and one.url not in pageless)),
        bugs=tuple(
            dict.fromkeys((*_bugs(references, rule), *((one.partition("#")[0], one.partition("#")[2]) for one in pageless)))
        ),
        finders=tuple(dict.fromkeys(one for report in case.reports for one in people(report.credit or ""))),
        patchers=_named(words.patchers),
        reviewers=_named(newest.reviewers if newest else ()),
        testers=_named(newest.testers if newest else ()),
        reported=words.reported or min((one.arrived for one in case.reports if one.arrived), default=None),
        published=published,
        fixed=words.fixed or merged(case, policy),
        modified=max((one.last for one in case.happened.values()), default=EPOCH),
        revised=tuple(one for one in case.work.advised if published and one > published),
        places=places,
        secret_until=case.embargo.until if case.embargo.active and not case.public else None,
        draft=draft,
    )


def about(told: Advisory, case: Case, cve: CveId) -> Advisory:
    """Give the advisory as that of one of its ids. Kind, rating and score were found for the case's own, and stay with that.

    Raises KeyError where it has no such id.
    """
    if cve == told.cve:
        return told
    if cve not in told.cves:
        raise KeyError(cve)
    known = case.work.published.get(cve)
    others = tuple(one for one in told.cves if one != cve)
    return msgspec.structs.replace(
        told, cve=cve, also=others, recorded=known.when if known else None, cwe="", cwe_name="", severity="", cvss=""
    )


def first_public(case: Case) -> Instant | None:
    """Give when the public could know: the first announcement, the release of the embargo, a public bug, or a leak."""
    happened, embargo, work = case.happened, case.embargo, case.work
    known = [one.when for one in work.announced if one.when] + [one.when for one in work.seen if one.when]
    if embargo.ended and embargo.ended_at and embargo.ended.reason != "not-needed":
        known.append(embargo.ended_at)
    if case.public and "public" in happened:
        known.append(happened["public"].first)
    if work.bug and work.bug.public and "bug-opened" in happened:
        known.append(happened["bug-opened"].first)
    return min(known, default=None)


def merged(case: Case, policy: Policy) -> Instant | None:
    """Give when the main branch had the fix."""
    found = case.work.branches.get(main_branch(policy))
    return found.when if found and found.state in ("merged", "released") else None


def main_branch(policy: Policy) -> str:
    """Give the name of the branch whose fix is the fix."""
    return policy.advisory.main or next(iter(policy.branch_names), "")


def _places(case: Case, policy: Policy, products: tuple[Product, ...]) -> tuple[Place, ...]:
    """Give the project's own branches: those that the policy names in its order, then others as versions sort.

    A party's branches are told by the party.
    """
    order = {name: at for at, name in enumerate(policy.branch_names)}
    own = [one for one in case.work.branches.values() if not one.owner]
    own.sort(key=lambda one: (order.get(one.branch, len(order)), version_key(one.branch)))
    return tuple(_place(one, _product_of(one.branch, policy) or products[0].name) for one in own)


def _product_of(branch: str, policy: Policy) -> str:
    rule = policy.rule_of(branch)
    return rule.product if rule else ""


_NUMBERS = re.compile(r"[0-9]+")
_EARLY = re.compile(r"[-_.]?(?:alpha|beta|rc|pre)", re.IGNORECASE)


def version_key(name: str) -> tuple[tuple[int, ...], int, tuple[int, ...], str]:
    """Give a tag or branch as something that sorts as releases do: 1.10 comes after 1.9, rc1 before the release."""
    parts = _EARLY.split(name[:_LONGEST], maxsplit=1)
    numbers = tuple(int(one) for one in _NUMBERS.findall(parts[0]))
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers, 0 if len(parts) > 1 else 1, tuple(int(one) for one in _NUMBERS.findall("".join(parts[1:]))), name


_LONGEST = 250
"""Of a name that is compared: Python refuses to read longer numbers."""


def _place(branch: BranchSet, product: str) -> Place:
    fixed = branch.state in ("merged", "released")
    brought = (branch.commit,) if branch.commit and branch.state == "vulnerable" else ()
    return Place(
        name=line(branch.branch).removeprefix(f"{product}/"),
        product=product,
        state=branch.state,
        introduced=_lines((*branch.introduced, *brought)),
        fixes=_lines((branch.commit, *branch.further)) if fixed else (),
        vulnerable_tags=_lines(branch.vulnerable_tags),
        fixed_tags=_lines(branch.fixed_tags),
    )


def _references(
    case: Case, words: AdvisorySet, rule: AdvisoryRule, products: tuple[Product, ...], places: tuple[Place, ...]
) -> list[Reference]:
    """Give every link, a person's own first; a bug that is not public is none for readers."""
    work = case.work
    found = [Reference(line(one.url), one.kind) for one in words.references if one.url.strip()]
    if words.notice and rule.page:
        found.insert(0, Reference(page_of(rule, line(words.notice)), "advisory"))
    if work.bug and work.bug.public:
        found.append(Reference(line(work.bug.url), "report"))
    told = (*(one.url for one in work.announced), *(one.url for one in work.seen))
    found += [Reference(line(url), "advisory") for url in told if url]
    pages = {one.name: one.commits for one in products if one.commits}
    for place in places:
        if place.product in pages:
            found += [Reference(pages[place.product] + commit, "fix") for commit in place.fixes]
    return found


def _bugs(references: Iterable[Reference], rule: AdvisoryRule) -> tuple[tuple[str, str], ...]:
    """Give tracker and number of the references that begin as a tracker's bugs do."""
    found = [
        (tracker, one.url.removeprefix(start).strip("/"))
        for one in references
        for tracker, start in rule.trackers.items()
        if one.url.startswith(start)
    ]
    return tuple(dict.fromkeys(one for one in found if one[1]))


def _also(case: Case, words: AdvisorySet) -> tuple[CveId, ...]:
    others = (*(one.cve for one in case.work.cves), *words.also)
    return tuple(dict.fromkeys(one for one in others if one != case.work.cve))


def _named(given: Iterable[str]) -> tuple[Person, ...]:
    return tuple(dict.fromkeys(one for each in given for one in people(each)))


def _lines(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line(one) for one in given if line(one)))


def _is_none(workaround: str) -> bool:
    return workaround.casefold().strip().rstrip(".") in NO_WORKAROUND
