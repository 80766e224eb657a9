"""The calm dark theme: what needs a person now has a colour, the rest is quiet."""

from textual.theme import Theme

CALM = Theme(
    name="seccon",
    primary="#7aa2c9",
    secondary="#5f7f9f",
    accent="#c9a86a",
    warning="#e0af68",
    error="#f0716b",
    success="#8fbf7f",
    foreground="#d3d7de",
    background="#16181d",
    surface="#1e2129",
    panel="#23272f",
    dark=True,
    variables={
        "text-muted": "#8b93a1",
        "text-primary": "#8fb4d9",
        "text-warning": "#e6b870",
        "text-error": "#f58a84",
        "text-success": "#9ccb8c",
        "block-cursor-blurred-background": "#303a4a",
        "footer-background": "#1e2129",
    },
)
