"""The few SVG elements that a timeline needs, with every text escaped."""

from xml.sax.saxutils import escape as _escape

from blackstart.reports.printable import printable


def escape(content: str) -> str:
    """Text safe between tags and inside a quoted attribute."""
    return _escape(printable(content), {'"': "&quot;", "'": "&#39;"})


def number(value: float) -> str:
    """A coordinate to 0.1 px, without an idle ``.0``."""
    return f"{value:.1f}".removesuffix(".0")


def text(x: float, y: float, content: str, *, css: str = "", fill: str = "") -> str:
    """One line of text with its baseline at ``y``."""
    look = (f' class="{css}"' if css else "") + (f' fill="{fill}"' if fill else "")
    return f'<text x="{number(x)}" y="{number(y)}"{look}>{escape(content)}</text>'


def rect(  # noqa: PLR0913 - a rectangle has four sides and a look
    x: float, y: float, width: float, height: float, *, fill: str, radius: float = 0, css: str = ""
) -> str:
    """A filled rectangle."""
    size = f'width="{number(max(0.0, width))}" height="{number(height)}"'
    extra = (f' rx="{number(radius)}"' if radius else "") + (f' class="{css}"' if css else "")
    return f'<rect x="{number(x)}" y="{number(y)}" {size} fill="{fill}"{extra}/>'


def path(commands: str, *, stroke: str, width: float = 1, css: str = "") -> str:
    """A line without a filling."""
    look = f' class="{css}"' if css else ""
    return (
        f'<path d="{commands}" stroke="{stroke}" stroke-width="{number(width)}" fill="none"{look}/>'
    )


def shape(commands: str, *, fill: str) -> str:
    """A filled outline."""
    return f'<path d="{commands}" fill="{fill}"/>'


def group(*parts: str, attributes: str = "") -> str:
    """Elements that belong together."""
    return f"<g{' ' if attributes else ''}{attributes}>{''.join(parts)}</g>"
