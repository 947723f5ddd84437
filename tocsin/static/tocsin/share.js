// Passing a page on: the share sheet of the device, and the address into the clipboard.
"use strict";
for (const place of document.querySelectorAll(".share[data-url]")) {
  const { title, url, copy } = place.dataset;
  const onDevice = place.querySelector(".on-device");
  const copying = place.querySelector(".copy");
  const status = place.querySelector("[role=status]");
  onDevice.hidden = !navigator.share;
  copying.hidden = !navigator.clipboard;
  onDevice.addEventListener("click", () => {
    navigator.share({ title, url }).catch(() => {}); // whoever closes the sheet has decided
  });
  copying.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(copy);
      status.textContent = status.dataset.done;
    } catch {
      copying.hidden = true; // the address stands below, to be selected
    }
  });
}
