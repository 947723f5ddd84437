// The way out: at a click, or at Escape three times, this page gives its place in the history away.
"use strict";
{
  const WITHIN = 3000; // milliseconds, from the first Escape to the third
  const ways = document.querySelectorAll("a.exit"); // at the head of the page and at its foot
  const leave = () => {
    document.documentElement.hidden = true;
    document.title = " ";
    // On the site of a partner all of the page is left, not the frame in it alone.
    (ways[0].target ? top : window).location.replace(ways[0].href);
  };
  let pressed = [];
  for (const way of ways) {
    way.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
  }
  addEventListener("keydown", (event) => {
    if (event.repeat) return;
    if (event.key !== "Escape") pressed = [];
    else pressed = [...pressed, event.timeStamp].filter((at) => event.timeStamp - at <= WITHIN);
    if (pressed.length === 3) leave();
  });
}
