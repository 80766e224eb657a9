"""Makes the post room: everything that letting mail leave needs, beside the ports of the office."""

from collections.abc import Sequence

from seccon.adapters.backoff import GrowingBackoff
from seccon.adapters.drawer import PrivateDrawer
from seccon.adapters.rfc3156 import MimeWriter
from seccon.adapters.sent_box import SentBox
from seccon.adapters.templates import TemplateFolder
from seccon.core.ports import Cipher
from seccon.core.postroom import Postroom


def postroom_of(cipher: Cipher, sent: str | None, private: str | None, index: Sequence[str] = ()) -> Postroom:
    """Make it: `sent` is the Maildir for copies, `index` what indexes them, `private` the person's own directory."""
    return Postroom(
        writer=MimeWriter(cipher),
        templates=TemplateFolder(),
        backoff=GrowingBackoff(),
        sent=SentBox(sent, index) if sent else None,
        drawer=PrivateDrawer(private) if private else None,
    )
