"""Text that wants to do harm to a terminal or to Textual (hostile input, 1)."""

HOSTILE = (
    "\x1b]52;c;cHduZWQ=\x07",
    "\x1b]0;title\x1b\\",
    "\x1b[2J\x1b[H",
    "\x9b2J\x9d0;x\x9c",
    "\x1bP+q544e\x1b\\",
    "[/] [/foo] [@click=app.quit]x[/]",
    "[bold red]CVE-2026-1234[/bold red]",
    "\u202egpj.exe\u2066\u200b\u2060",
    "\x00\x07\x08\x0b\x0c\x0e\x7f\x85",
    "\r\nSubject: other\r\n",
    "\ud800\udfff",
    "e" + "\u0301" * 200,
    "👩\u200d💻 🇩🇪 ❤\ufe0f",
    "\U000e0041\U000e0042",
)
ALL = " ".join(HOSTILE)
FORBIDDEN = set(map(chr, (*range(0x20), *range(0x7F, 0xA0)))) | set("\u202e\u2066\u200b\u2060\u200d\ufe0f\ud800\udfff")
"""What may not stand in a drawn line."""
