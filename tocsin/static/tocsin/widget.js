// Tells the page around it how high this frame is: only a page that may show it, and only if asked.
"use strict";
{
  const origins = document.body.dataset.origins.split(" ");
  const tell = (to, more) => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    parent.postMessage({ height, ...more }, to);
  };
  let asked = false;
  addEventListener("message", ({ data, origin, source }) => {
    if (asked || data !== "tocsin" || source !== parent || !origins.includes(origin)) return;
    asked = true;
    // The address says what to show after a form was sent; at first it says nothing.
    const at = location.hash && document.getElementById(location.hash.slice(1));
    const top = at ? at.getBoundingClientRect().top + scrollY : document.body.dataset.top;
    tell(origin, top === undefined ? {} : { top: Number(top) });
    new ResizeObserver(() => tell(origin)).observe(document.body);
  });
}
