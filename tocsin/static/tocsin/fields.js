"use strict";
/* A button beside each field that puts it where one is writing. */
{
  const list = document.querySelector("[data-insert]");
  const letter = list?.closest("fieldset"); // in words of permission nothing is filled in
  let last = letter?.elements.body;
  letter?.addEventListener("focusin", ({ target }) => {
    if (target.matches("textarea, input[type=text]")) last = target;
  });
  for (const code of list?.querySelectorAll("code") ?? []) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small button-secondary";
    button.textContent = list.dataset.insert;
    button.setAttribute("aria-label", `${list.dataset.insert} ${code.textContent}`);
    button.addEventListener("click", () => {
      last.setRangeText(code.textContent, last.selectionStart, last.selectionEnd, "end");
      last.dispatchEvent(new Event("input", { bubbles: true }));
      last.focus();
    });
    code.after(" ", button);
  }
}
