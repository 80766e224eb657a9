"""What a person has to look at before they decide: what others did, never the echo of their own mail."""

import pytest

from seccon.core.ids import MessageId
from seccon.core.journal import Body
from seccon.core.journal.cases import Acknowledged, CaseClosed, MailArrived, NoteAdded
from seccon.core.journal.disclosure import CveRequested
from seccon.core.journal.parties import PartyTold
from seccon.core.journal.replies import ReplySent
from seccon.core.journal.work import WaitingSet
from seccon.core.unseen import news
from tests.story import ROE, at, tell

NOW = at("2026-02-20")
MAIL, OTHER, REPORT = MessageId("a@ours.example"), MessageId("b@ours.example"), MessageId("r1@example.net")
LEFT = ReplySent(reply="1", mail=MAIL, when=NOW)
ACKNOWLEDGED = Acknowledged(report=REPORT, member="Alice", when=NOW, mail=MAIL)


def kinds(*bodies: Body, by: str = "alice") -> list[str]:
    return [entry.kind for entry in news(tell(*(("2026-02-20", one) for one in bodies), by=by), "alice")]


def test_that_my_own_mail_left_and_what_follows_from_it_is_no_news_to_me() -> None:
    told = PartyTold(party="psirt@vendor.example", when=NOW, mail=MAIL)
    assert kinds(LEFT, ACKNOWLEDGED, told, WaitingSet(whom="reporter")) == []


def test_a_colleagues_mail_is_news() -> None:
    assert kinds(LEFT, ACKNOWLEDGED, by="bob") == ["reply-sent", "acknowledged"]


def test_the_sent_copy_that_intake_finds_is_no_news_and_an_answer_is() -> None:
    sent = MailArrived(mail=MAIL, digest="d", report=REPORT, sender=ROE, direction="out")
    answer = MailArrived(mail=OTHER, digest="d", report=REPORT, sender=ROE)
    assert kinds(sent, answer, by="seccon") == ["mail-arrived"]
    assert news(tell(("2026-02-20", sent), ("2026-02-20", answer), by="seccon"), "alice")[0].body == answer


@pytest.mark.parametrize(
    "body",
    [
        Acknowledged(report=REPORT, member="Alice", when=NOW, mail=OTHER),
        Acknowledged(report=REPORT, member="Alice", when=NOW),
        CaseClosed(outcome="out-of-scope"),
        CveRequested(cna="mitre", how="mail", mail=MAIL),
        NoteAdded(text="on my other terminal"),
        ReplySent(reply="1", mail=OTHER, when=NOW, refused=("roe@example.net",)),
        ReplySent(reply="1", mail=OTHER, when=NOW, put_off=("roe@example.net",)),
    ],
)
def test_what_i_did_elsewhere_what_went_wrong_and_what_changes_the_case_is_news(body: Body) -> None:
    assert kinds(LEFT, body) == [str(body.__struct_config__.tag)]


def test_waiting_that_no_mail_of_mine_brought_is_news() -> None:
    assert kinds(WaitingSet(whom="reporter")) == ["waiting-set"]
