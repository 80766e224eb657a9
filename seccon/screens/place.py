"""The console's places: what each is called and which digit goes there. A screen that does not exist has no line here."""

from seccon.screens.snap import Snap
from seccon.widgets.top_bar import Place, Top

PLACES = (("1", "queue", "Queue"), ("2", "calendar", "Calendar"), ("3", "outbox", "Outbox"), ("4", "team", "Team"))
"""Key, mode, title."""


def top_of(snap: Snap, here: str) -> Top:
    """Say what the top line shows on the screen titled `here`."""
    places = tuple(Place(key, title, snap.counts.outbox if mode == "outbox" else 0) for key, mode, title in PLACES)
    alarm = "JOURNAL ALTERED: seccon audit" if snap.altered else _pressing(snap.pressing)
    return Top(title=snap.title, places=places, here=here, person=snap.person, now=snap.now, alarm=alarm)


def _pressing(cases: tuple[str, ...]) -> str:
    """Name the case that everybody has to see: its date has come, or it leaks, and the public was not told."""
    if not cases:
        return ""
    return f"DISCLOSE {cases[0]}" if len(cases) == 1 else f"DISCLOSE {cases[0]} +{len(cases) - 1}"
