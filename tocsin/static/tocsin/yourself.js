// A letter into the clipboard, or alone onto paper; without this, both are done by hand.
"use strict";
for (const own of document.querySelectorAll(".own")) {
  const letter = own.querySelector("textarea");
  const copying = own.querySelector(".copy");
  const printing = own.querySelector(".print");
  const status = own.querySelector("[role=status]");
  copying.hidden = printing.hidden = false;
  copying.addEventListener("click", async () => {
    letter.select(); // if the clipboard is closed to us, it is one key away
    try {
      await navigator.clipboard.writeText(letter.value);
      status.textContent = status.dataset.done;
    } catch {
      letter.focus();
    }
  });
  printing.addEventListener("click", () => {
    own.classList.add("printing");
    print();
  });
  addEventListener("afterprint", () => own.classList.remove("printing"));
}
