"""The picture's style, scoped to its own id: many of them share a page without meeting."""

_FONTS = (
    "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Liberation Sans','DejaVu Sans',"
    "sans-serif"
)

_RULES = (
    ("text", f"font:12px {_FONTS}"),
    (".t", "font-size:18px;font-weight:700"),
    (".v", "font-size:14px;font-weight:700"),
    (".b", "font-weight:700"),
    (".k", "font-size:11px"),
    (".f", "font-size:11.5px"),
    (".m", "fill:#55616e"),
    (".e", "text-anchor:end"),
    (".c", "text-anchor:middle"),
    (".h", "paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round"),
    (".d", "fill:none;stroke-linecap:round"),
    (".q", "opacity:.075"),
    (".s", "opacity:.11"),
)


def style(scope: str) -> str:
    """A style element whose rules hold only inside the element with id ``scope``."""
    rules = "".join(f"#{scope} {selector}{{{look}}}" for selector, look in _RULES)
    return f"<style>{rules}</style>"
