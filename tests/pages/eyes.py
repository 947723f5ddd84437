"""What can be seen and reached on a page: its width, its targets, where the keyboard is."""

from collections.abc import Mapping

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
NAMES = {
    "runOnly": {
        "type": "rule",
        "values": [
            *("html-has-lang", "html-lang-valid", "valid-lang", "document-title", "empty-heading"),
            *("link-name", "button-name", "input-button-name", "label", "select-name", "image-alt"),
            *("aria-input-field-name", "aria-toggle-field-name", "frame-title", "summary-name"),
            *("identical-links-same-purpose", "label-content-name-mismatch", "link-in-text-block"),
            *("html-xml-lang-mismatch", "aria-command-name", "role-img-alt", "svg-img-alt"),
            *("empty-table-header", "target-size", "scrollable-region-focusable"),
        ],
    }
}
"""The rules about words, and about the room that they take: all others find the same in every
language, for it is the same page."""
WIDTHS = (1280, 640, 360, 320)
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

TOO_WIDE = """() => {
    const page = document.documentElement;
    return page.scrollWidth > page.clientWidth ? [`${page.scrollWidth} wide`] : [];
}"""

CONTROLS = """
    const controls = [...document.querySelectorAll(
        "a[href], button, input:not([type=hidden]), select, textarea, summary")]
        .filter((each) => each.checkVisibility() && each.getClientRects().length
            && !each.matches(":disabled"));
    const named = (each) => each.outerHTML.slice(0, 90);
"""

TOO_SMALL = (
    "() => {"
    + CONTROLS
    + """
    // A link inside of a sentence is as high as its line, which WCAG 2.5.8 allows.
    const inSentence = (each) => getComputedStyle(each).display === "inline"
        && each.parentElement.innerText.trim() !== each.innerText.trim();
    const isSmall = (each) => {
        const box = (one) => one.getBoundingClientRect();
        const boxes = [box(each), ...[...(each.labels ?? [])].map(box)];
        return boxes.every((one) => one.height < 43.5 || one.width < 43.5);
    };
    return controls.filter((each) => !inSentence(each) && isSmall(each)).map(named);
}"""
)
"""Controls that a thumb does not hit: 44 pixels each way, a box to tick with its label."""

UNSEEN = (
    "() => {"
    + CONTROLS
    + """
    const isSeen = (each) => {
        each.focus();
        const style = getComputedStyle(each);
        if (!each.matches(":focus-visible") || document.activeElement !== each) return false;
        if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return false;
        const { left, right, top, bottom } = each.getClientRects()[0];
        const places = [[(left + right) / 2, (top + bottom) / 2],
            [left + 3, top + 3], [right - 3, bottom - 3]];
        return places.some(([x, y]) => {
            const there = document.elementFromPoint(x, y);
            return there && (each.contains(there) || there.contains(each));
        });
    };
    document.documentElement.style.scrollBehavior = "auto";
    return controls.filter((each) => !isSeen(each)).map(named);
}"""
)
"""Controls on which the keyboard can be without that one sees where it is."""

MOVING = """() => document.getAnimations().length
    + (getComputedStyle(document.documentElement).scrollBehavior === "auto" ? 0 : 1)"""

WITHOUT_EDGE = """() => [
    ...document.querySelectorAll("button, .button, .quiet, input, select, textarea")
]   .filter((each) => each.checkVisibility() && !each.matches("[type=hidden]"))
    .filter((each) => !each.matches("[type=radio], [type=checkbox]"))
    .filter((each) => parseFloat(getComputedStyle(each).borderTopWidth) < 1)
    .map((each) => each.outerHTML.slice(0, 90))"""
"""What would have no edge where the system's few colours are all there is."""


def seen_by_axe(page: Page, options: Mapping[str, object]) -> list[str]:
    """What axe finds, with the first element of each."""
    asked = {**options, "resultTypes": ["violations"]}  # and no long report of what is right
    found = Axe().run(page, options=asked).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


def faults(page: Page, *, rules: Mapping[str, object] = RULES) -> list[str]:
    """What is wrong with a page at every width, on a small telephone, and by keyboard."""
    found: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 640})
        found += [f"{width}: {each}" for each in page.evaluate(TOO_WIDE)]
    found += [f"small: {each}" for each in page.evaluate(TOO_SMALL)]
    found += [f"axe: {each}" for each in seen_by_axe(page, rules)]
    page.keyboard.press("Tab")  # from here on the browser shows where the keyboard is
    found += [f"unseen: {each}" for each in page.evaluate(UNSEEN)]
    return found


def faults_in_other_colours(page: Page) -> list[str]:
    """What is wrong with it in the dark, in the system's colours, and for who wants no motion."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found = [f"dark: {each}" for each in seen_by_axe(page, CONTRAST)]
    found += ["it moves"] if page.evaluate(MOVING) else []
    page.emulate_media(forced_colors="active")
    return found + [f"edge: {each}" for each in page.evaluate(WITHOUT_EDGE)]
