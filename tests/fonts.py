"""Make the fonts of the public pages anew: `make fonts`, with npm at hand."""

import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from tocsin.kit.countries import ALPHABETS

FONTS = Path(__file__).parent.parent / "tocsin" / "static" / "tocsin" / "fonts"
WEIGHTS = (400, 700)
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
MADE = (
    Font("uyghur", NASKH, "noto-naskh-arabic-arabic-wght-normal", UYGHUR, ARABIC),
    Font("kazakh", SANS, "noto-sans-cyrillic-wght-normal", KAZAKH, CYRILLIC),
    Font("kazakh-more", SANS, "noto-sans-cyrillic-ext-wght-normal", KAZAKH, CYRILLIC),
)


def main() -> None:
    """Fetch the packages, cut the fonts down, and lay them beside their licence."""
    FONTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        for package in (NASKH, SANS):
            fetch(package, Path(place))
        for font in MADE:
            cut(font, Path(place))


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


if __name__ == "__main__":
    main()
