"""Where a mail in the outbox stands, in words, that some have and others not."""

from seccon.core.post import OutItem, OutState


def standing(item: OutItem, why: str) -> str:
    """Tell for how many it was taken and what becomes of the others; only `why` where it is one and the same for all."""
    if not item.late:
        return why
    taken = len(item.recipients) - len(item.late) - len(item.refused)
    whom, many = ", ".join(item.late), len(item.late) > 1
    rest = {
        OutState.WAITING: f"{whom} {'are' if many else 'is'} tried again{f' at {item.retry:%H:%M}Z' if item.retry else ''}",
        OutState.PERHAPS: f"{whom} perhaps {'have' if many else 'has'} it",
    }.get(item.state, f"not for {whom}")
    return f"taken for {taken} of {len(item.recipients)}; {rest}{f': {why}' if why else ''}"
