"""Makes the post room: everything that letting mail leave needs, beside the ports of the office."""

from seccon.adapters.backoff import GrowingBackoff
from seccon.adapters.couriers.maildir import Maildir
from seccon.adapters.drawer import PrivateDrawer
from seccon.adapters.rfc3156 import MimeWriter
from seccon.adapters.templates import TemplateFolder
from seccon.core.ports import Cipher
from seccon.core.postroom import Postroom


def postroom_of(cipher: Cipher, sent: str | None, private: str | None) -> Postroom:
    """Make it: `sent` is the Maildir for copies, `private` the person's own directory."""
    return Postroom(
        writer=MimeWriter(cipher),
        templates=TemplateFolder(),
        backoff=GrowingBackoff(),
        sent=Maildir(sent) if sent else None,
        drawer=PrivateDrawer(private) if private else None,
    )
