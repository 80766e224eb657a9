"""File the copy of a mail that has left where the team's mail store finds it (features, R8)."""

from seccon.core.errors import CourierError
from seccon.core.post import OutItem
from seccon.desk.office import Office
from seccon.desk.room import room


def filed(office: Office, item: OutItem) -> str:
    """File it, the same mail twice is one copy; give what went wrong. The mail has left, whatever becomes of its copy."""
    sent = room(office).sent
    if sent is None:
        return ""
    try:
        sent.file(item.id, item.message)
    except CourierError as error:
        return f"Sent, but the copy could not be filed: {error}"
    return ""
