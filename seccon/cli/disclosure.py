"""What `seccon show` says of a case's way to the public, as JSON: the day, the announcements, the suspected leaks."""

from typing import Any

from seccon.core.announcing import claims, seen_on
from seccon.core.ids import address_key
from seccon.core.rundown import headline, rundown
from seccon.desk.open_case import CaseView


def disclosure_json(view: CaseView) -> dict[str, Any]:
    """Give the keys as docs/json.md describes them."""
    case, known = view.case, seen_on(view.case.work)
    return {
        "day": {
            "headline": headline(case, view.policy, view.now)[0],
            "lines": [
                {"id": one.id, "title": one.title, "verb": one.verb, "state": one.state, "words": one.words,
                 "before": one.before, "list": one.list or None}
                for one in rundown(case, view.policy, view.now).lines
            ],
        },
        "announcements": [
            {"list": one.list, "message_id": one.mail, "url": one.url or None, "seen": address_key(one.list) in known}
            for one in case.work.announced
        ],
        "unproved": [
            {"message_id": one.mail, "list": one.list, "sender": one.sender or None, "url": one.url or None}
            for one in claims(case.work)
        ],
        "leaks": [
            {"message_id": one.mail, "list": one.list, "sign": one.sign, "sender": one.sender or None}
            for one in case.work.leaking
        ],
    }  # fmt: skip
