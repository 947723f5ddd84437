"""A sheet on which is drawn what is printed or passed on: text in any of our scripts, and rings."""

from datetime import UTC, datetime

from fpdf import FPDF, ViewerPreferences
from fpdf.fonts import TTFFont

from tocsin.kit.colours import INK, WHITE, blend
from tocsin.pages.prints.lettering import Lettering, letter, path_of
from tocsin.pages.prints.lines import Block, Measure, fit

LEADING = {"serif": 1.16, "sans": 1.22, "naskh": 1.62, "chinese": 1.32}
"""The height of a line of each font at size 1."""

SCRIPT = {"naskh": "arab", "chinese": "hani"}
PROBE = 100
"""The size at which widths are measured: nothing is rounded to it, so that any would do."""

NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)
"""When a sheet says that it was made: what is the same twice is the same file."""


class Sheet(FPDF):
    """One page, measured in points; `direction` is `ltr` or `rtl`."""

    def __init__(
        self, *, width: float, height: float, language: str, direction: str, title: str
    ) -> None:
        super().__init__(unit="pt", format=(width, height))
        self.language, self.direction = language, direction
        self.set_auto_page_break(auto=False)
        self.set_margin(0)
        self.c_margin = 0
        self.set_creation_date(NO_DAY)
        self.set_lang(language)
        self.set_title(title)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.add_page()

    def finished(self) -> bytes:
        """The file; nothing can be drawn on the sheet any more."""
        drawn = bytes(self.output())
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.close()
        return drawn

    def measure(self, font: str) -> Measure:
        """How wide texts are in that font, with their letters joined as they are drawn."""
        self._take(font, PROBE)
        return lambda text: float(self.get_string_width(text)) / PROBE

    def place(
        self, text: str, *, x: float, y: float, width: float, height: float,
        sizes: tuple[float, ...], colour: str = INK, wish: str = "sans", at_bottom: bool = False,
    ) -> float:  # fmt: skip
        """Write a text into a box as large as it can be; where it ends, from above.

        A text that no font can draw leaves the box empty.
        """
        lettering = letter(text, wish=wish)
        if lettering is None:
            return y
        leading = LEADING[lettering.font]
        block = fit(
            lettering.text, measure=self.measure(lettering.font), width=width, height=height,
            sizes=sizes, leading=leading,
        )  # fmt: skip
        tall = len(block.lines) * block.size * leading
        self._write(lettering, block, x=x, y=y + height - tall if at_bottom else y, width=width,
                    colour=colour)  # fmt: skip
        return y + (height if at_bottom else tall)

    def from_start(self, x: float, width: float) -> float:
        """The left edge of what stands that far from where lines begin."""
        return x if self.direction == "ltr" else self.w - x - width

    def ring_out(self, x: float, y: float, *, colour: str, paper: str, step: float) -> None:
        """The sign of Tocsin: a dot, and the rings that it sends out, ever fainter."""
        x = x if self.direction == "ltr" else self.w - x
        far = int((self.w + self.h) / step)
        for number in range(far, 0, -1):
            faint = blend(colour, paper, min(0.96, 0.55 + 0.06 * number))
            self.set_draw_color(faint)
            self.set_line_width(max(0.8, step / 22))
            self.circle(x, y, number * step, style="D")
        self.set_fill_color(colour)
        self.circle(x, y, step * 0.36, style="F")

    def fill(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle."""
        self.set_fill_color(colour)
        self.rect(x, y, width, height, style="F")

    def squares(
        self, rows: tuple[tuple[bool, ...], ...], *, x: float, y: float, side: float
    ) -> None:
        """A square pattern with its margin of white, on the sheet as in its rows."""
        self.fill(x, y, side, side, WHITE)
        self.set_fill_color("#000000")
        unit = side / len(rows)
        for down, row in enumerate(rows):
            across = 0
            while across < len(row):
                end = across
                while end < len(row) and row[end]:
                    end += 1
                if end > across:
                    self.rect(x + across * unit, y + down * unit, (end - across) * unit,
                              unit * 1.01, style="F")  # fmt: skip
                across = end + 1

    def _write(
        self, lettering: Lettering, block: Block, *, x: float, y: float, width: float, colour: str
    ) -> None:
        self._take(lettering.font, block.size)
        self.set_text_color(colour)
        tall = block.size * LEADING[lettering.font]
        for number, line in enumerate(block.lines):
            self.set_xy(x, y + number * tall)
            # What is read aloud and sought: the letters, not the shapes that they were joined to.
            self._out(f"/Span <</ActualText <{_utf16(line)}>>> BDC")
            self.cell(w=width, h=tall, text=line, align="L" if self.direction == "ltr" else "R")
            self._out("EMC")

    def _take(self, font: str, size: float) -> None:
        if font not in self.fonts:
            self.add_font(font, fname=path_of(font))
        self.set_font(font, size=size)
        self.set_text_shaping(
            use_shaping_engine=True,
            direction=self.direction,
            script=SCRIPT.get(font),
            language=self.language,
        )


def _utf16(text: str) -> str:
    return ("\ufeff" + text + " ").encode("utf-16-be").hex()
