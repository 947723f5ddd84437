"""A telephone on a bad line, in a real browser: when the largest thing of a page is painted."""

from dataclasses import dataclass

from playwright.sync_api import Browser, Page, ViewportSize

PHONE: ViewportSize = {"width": 360, "height": 740}
BYTES_A_SECOND = 400_000 // 8  # each way
LATENCY = 400  # milliseconds for each answer
SLOWER = 4  # times, the processor of a cheap telephone beside this machine's
PATIENCE = 120_000  # milliseconds
SETTLE = 1_500  # milliseconds in which nothing larger may come, after the line is silent

LARGEST = """(settle) => new Promise((tell) => {
    let last = null;
    const see = (list) => { last = list.getEntries().at(-1) ?? last; };
    const observer = new PerformanceObserver(see);
    observer.observe({type: "largest-contentful-paint", buffered: true});
    setTimeout(() => {
        see({getEntries: () => observer.takeRecords()});
        tell(last && {seconds: last.startTime / 1000, what: last.element?.localName ?? "?"});
    }, settle);
})"""
"""The last candidate is the one that counts: nobody has touched the page."""


@dataclass(frozen=True)
class Paint:
    """The Largest Contentful Paint of one visit, and what came over the line for all of it."""

    seconds: float
    what: str
    kilobytes: float
    requests: int


def visit(browser: Browser, address: str) -> Paint:
    """Open a page on a telephone of somebody who was never there."""
    with browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True) as context:
        return look(context.new_page(), address)


def look(page: Page, address: str) -> Paint:
    """Slow this page down, open it, and wait until nothing more happens.

    AssertionError if it is not there, or nothing of it is painted.
    """
    came: list[float] = []
    devtools = page.context.new_cdp_session(page)
    devtools.on("Network.loadingFinished", lambda told: came.append(told["encodedDataLength"]))
    devtools.send("Network.enable")
    devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    answer = page.goto(address, wait_until="networkidle", timeout=PATIENCE)
    if not answer or not answer.ok:
        raise AssertionError(f"{address} answers {answer.status if answer else 'nothing'}")
    found = page.evaluate(LARGEST, SETTLE)
    if not found:
        raise AssertionError(f"nothing of {address} was painted")
    return Paint(found["seconds"], found["what"], sum(came) / 1024, len(came))
