"""What another program or a server said, made fit for a sentence: one line, short, nothing invisible."""

from seccon.core.letter import clean_line


def said(answer: bytes | str) -> str:
    """Give the last line with words in it; empty where nothing was said."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    lines = [clean for line in text.split("\n") if (clean := clean_line(line, 200))]
    return lines[-1].rstrip(".") if lines else ""


def whole(answer: bytes | str) -> str:
    """Give all that was said, on one line."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return clean_line(text, 200).rstrip(".")
