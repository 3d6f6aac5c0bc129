"""How wide a text will be, without a font at hand: on the wide side, so that labels never touch.

The widths are those of DejaVu Sans, the widest of the fonts that the picture may fall back to.
"""

_EM = {
    **dict.fromkeys("iIjl|'", 0.30),
    **dict.fromkeys(" .,:;!·", 0.32),
    **dict.fromkeys('ftr()[]-/"', 0.41),
    **dict.fromkeys("csxzyvkJ", 0.56),
    **dict.fromkeys("wCDGHNOQRUV±+=<>−→", 0.80),
    **dict.fromkeys("mMW%@…—", 0.98),
}
_OTHER_EM = 0.64
_BOLD = 1.12


def text_width(content: str, size_px: float, *, bold: bool = False) -> float:
    """Pixels that ``content`` takes at most, near enough, in one line."""
    em = sum(_EM.get(char, _OTHER_EM if char.isascii() else 1.0) for char in content)
    return em * size_px * (_BOLD if bold else 1.0)


def fitted(content: str, width_px: float, size_px: float, *, bold: bool = False) -> str:
    """``content``, cut with an ellipsis if it would be wider than ``width_px``."""
    if text_width(content, size_px, bold=bold) <= width_px:
        return content
    kept = content
    while kept and text_width(kept + "…", size_px, bold=bold) > width_px:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrapped(
    content: str, width_px: float, size_px: float, *, lines_max: int, bold: bool = False
) -> list[str]:
    """``content`` in at most ``lines_max`` lines, broken at spaces; the last one may be cut."""
    lines: list[str] = []
    words = content.split()
    while words and len(lines) < lines_max - 1:
        line = [words.pop(0)]
        while words and text_width(" ".join([*line, words[0]]), size_px, bold=bold) <= width_px:
            line.append(words.pop(0))
        lines.append(fitted(" ".join(line), width_px, size_px, bold=bold))
    if words:
        lines.append(fitted(" ".join(words), width_px, size_px, bold=bold))
    return lines
