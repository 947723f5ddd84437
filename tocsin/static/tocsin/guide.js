"use strict";
/* What is typed on the guided way stays in this window of the browser until it is saved: a session
   that ended, or a line that broke, takes nothing. No page of the public has this file. */
{
  const SENT = "guide sent";
  const place = "guide " + location.pathname;
  const form = document.querySelector("form[data-keep]");
  const fields = () => [...form.elements].filter((each) =>
    each.name && !["hidden", "submit", "button"].includes(each.type));
  const value = (each) => each.type === "checkbox" ? String(each.checked) : each.value;
  const bringBack = () => {
    const kept = JSON.parse(sessionStorage.getItem(place) || "{}");
    let changed = false;
    for (const each of fields()) {
      if (!(each.name in kept) || kept[each.name] === value(each)) continue;
      changed = true;
      if (each.type === "checkbox") each.checked = kept[each.name] === "true";
      else each.value = kept[each.name];
    }
    const note = document.querySelector("[data-kept]");
    if (changed && note) {
      note.textContent = note.dataset.kept;
      note.hidden = false;
    }
  };
  if (new URLSearchParams(location.search).has("saved")) {
    sessionStorage.removeItem(sessionStorage.getItem(SENT));
  }
  if (form) {
    // What came back from the server with a complaint is what was typed.
    if (!("bound" in form.dataset)) bringBack();
    form.addEventListener("input", () => {
      const typed = Object.fromEntries(fields().map((each) => [each.name, value(each)]));
      sessionStorage.setItem(place, JSON.stringify(typed));
    });
    form.addEventListener("submit", () => sessionStorage.setItem(SENT, place));
  }
}
