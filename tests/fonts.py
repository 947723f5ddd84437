"""Make the fonts of pages, pictures and posters anew: `make fonts`, with npm at hand."""

import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from tocsin.kit.countries import ALPHABETS

TOCSIN = Path(__file__).parent.parent / "tocsin"
FONTS = TOCSIN / "static" / "tocsin" / "fonts"
PRINT_FONTS = TOCSIN / "pages" / "prints" / "fonts"
WEIGHTS = (400, 700)
PRINT_WEIGHT = 600
MADE_ON = 3_786_912_000
"""The day that a font of ours says it was made on, in seconds since 1904: the same every time."""
UYGHUR = ALPHABETS["ug"] + "ئ،؛؟ـ\u200c\u200d"
KAZAKH = ALPHABETS["kk"] + ALPHABETS["kk"].upper()


@dataclass(frozen=True)
class Font:
    """One file: which signs of which packaged font."""

    name: str
    package: str
    source: str
    signs: str
    features: tuple[str, ...]


ARABIC = ("init", "medi", "fina", "isol", "rlig", "liga", "calt", "ccmp", "mark", "mkmk", "kern")
CYRILLIC = ("kern", "mark", "ccmp")
NASKH = "@fontsource-variable/noto-naskh-arabic@5.3.0"
SANS = "@fontsource-variable/noto-sans@5.3.0"
SERIF = "@fontsource-variable/noto-serif@5.3.0"
CHINESE = "@fontsource-variable/noto-sans-sc@5.3.1"
MADE = (
    Font("uyghur", NASKH, "noto-naskh-arabic-arabic-wght-normal", UYGHUR, ARABIC),
    Font("kazakh", SANS, "noto-sans-cyrillic-wght-normal", KAZAKH, CYRILLIC),
    Font("kazakh-more", SANS, "noto-sans-cyrillic-ext-wght-normal", KAZAKH, CYRILLIC),
)


@dataclass(frozen=True)
class PrintFont:
    """One file for pictures and posters: which signs of which slices of a packaged font."""

    name: str
    package: str
    slices: str
    signs: frozenset[int]
    features: tuple[str, ...]


def is_foreign(sign: str) -> bool:
    """Whether GB 2312 has it for another language: Greek, Russian, Japanese."""
    return any(first <= sign <= last for first, last in FOREIGN)


def gb2312() -> frozenset[int]:
    """The Chinese characters of everyday and their punctuation (GB 2312, both levels)."""
    pairs = [bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF)]
    decoded = [pair.decode("gb2312", errors="ignore") for pair in pairs]
    return frozenset(ord(sign) for sign in decoded if sign and not is_foreign(sign))


FOREIGN = ("\u0391", "\u0451"), ("\u3041", "\u3129")
LATIN = frozenset(
    {*range(0x20, 0x7F), *range(0xA0, 0x180), 0x18F, 0x259, *range(0x218, 0x21C)}
    | {ord(sign) for sign in "–—‘’‚“”„†•…‹›€™−′″№"}
)
CYRILLIC_SIGNS = frozenset(range(0x400, 0x530))
ARABIC_SIGNS = frozenset({*range(0x600, 0x700), *range(0x750, 0x780), *range(0x200C, 0x2010)})
LETTERS = "latin latin-ext cyrillic cyrillic-ext"
PRINTED = (
    PrintFont("sans", SANS, LETTERS, LATIN | CYRILLIC_SIGNS, CYRILLIC),
    PrintFont("serif", SERIF, LETTERS, LATIN | CYRILLIC_SIGNS, CYRILLIC),
    PrintFont("naskh", NASKH, "arabic latin latin-ext", ARABIC_SIGNS | LATIN, ARABIC),
    PrintFont("chinese", CHINESE, "*", gb2312() | LATIN, ("kern",)),
)


def main() -> None:
    """Fetch the packages, cut the fonts down, and lay them beside their licence."""
    FONTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        for package in (NASKH, SANS, SERIF, CHINESE):
            fetch(package, Path(place))
        for font in MADE:
            cut(font, Path(place))
        for printed in PRINTED:
            join(printed, Path(place))


def fetch(package: str, place: Path) -> None:
    """Unpack a package of npm below a folder of its name."""
    words = ["npm", "pack", "--silent", package]
    done = subprocess.run(words, cwd=place, check=True, capture_output=True, text=True)
    with tarfile.open(place / done.stdout.split()[-1]) as archive:
        archive.extractall(place / package, filter="data")


def cut(font: Font, place: Path) -> None:
    """Keep the signs of one language, from normal to bold; the same result every time."""
    source = place / font.package / "package" / "files" / f"{font.source}.woff2"
    whole = TTFont(source, recalcTimestamp=False)
    axis = whole["fvar"].axes[0]
    if (axis.minValue, axis.maxValue) != WEIGHTS:
        whole = instancer.instantiateVariableFont(whole, {"wght": WEIGHTS})
    options = subset.Options(
        flavor="woff2", hinting=False, glyph_names=False, notdef_outline=False,
        layout_features=list(font.features), name_IDs=[0, 1, 2, 13, 14],
    )  # fmt: skip
    cutter = subset.Subsetter(options)
    cutter.populate(text=font.signs)
    cutter.subset(whole)
    subset.save_font(whole, str(FONTS / f"{font.name}.woff2"), options)


def join(font: PrintFont, place: Path) -> None:
    """Lay the slices of a packaged font together again, in one weight, with the signs wanted."""
    files = place / font.package / "package" / "files"
    found: list[Path] = []
    for part in font.slices.split():
        found += sorted(files.glob(f"*-{part}-wght-normal.woff2"))
    cut_ones: list[str] = []
    left = set(font.signs)
    for number, source in enumerate(dict.fromkeys(found)):
        whole = TTFont(source, recalcTimestamp=False)
        signs = left & set(whole.getBestCmap())
        left -= signs
        if not signs:
            continue
        axes = {axis.axisTag: axis.defaultValue for axis in whole["fvar"].axes}
        instancer.instantiateVariableFont(whole, {**axes, "wght": PRINT_WEIGHT}, inplace=True)
        options = subset.Options(
            hinting=False, glyph_names=False, layout_features=list(font.features),
            name_IDs=[0, 1, 2, 13, 14], drop_tables=["STAT", "HVAR", "MVAR", "avar", "gasp",
            "BASE", "VORG", "vhea", "vmtx"],
        )  # fmt: skip
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=signs)
        cutter.subset(whole)
        cut_ones.append(str(place / f"{font.name}-{number}.ttf"))
        whole.save(cut_ones[-1])
    joined = Merger().merge(cut_ones) if len(cut_ones) > 1 else TTFont(cut_ones[0])
    joined.recalcTimestamp = False
    joined["head"].created = joined["head"].modified = MADE_ON
    joined.save(PRINT_FONTS / f"{font.name}.ttf")


if __name__ == "__main__":
    main()
