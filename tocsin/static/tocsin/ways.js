// Help with the form, in this browser alone: three questions, and a look at one's own words.
"use strict";
{
  const risk = document.querySelector(".risk");
  if (risk) {
    const questions = [...risk.querySelectorAll(".questions input")];
    const pick = risk.querySelector(".pick");
    let suggested;
    risk.querySelector(".questions").hidden = false;
    risk.querySelector(".guidance").hidden = true;
    risk.addEventListener("change", () => {
      // The questions stand in this order: what the first says yes to is the safest.
      suggested = questions.find((each) => each.checked)?.dataset.way;
      for (const advice of risk.querySelectorAll("[data-advice]")) {
        advice.hidden = advice.dataset.advice !== suggested;
      }
      pick.hidden = !suggested;
    });
    pick.addEventListener("click", () => {
      const way = document.querySelector(`[name=way][value=${suggested}]`);
      way.click();
      way.focus();
    });
  }

  const warning = document.querySelector(".telltales");
  if (warning) {
    const form = warning.closest("form");
    const { given, family, email, own, letter } = form.elements;
    const patterns = JSON.parse(warning.dataset.patterns).map((each) => new RegExp(each, "giu"));
    const plain = (word) => word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
    const partsOf = (names) =>
      names.join(" ").split(/[\s._+'’0-9-]+/u)
        .filter((word) => word.length >= (/^[\x00-\x7f]*$/.test(word) ? 3 : 2))
        .map((word) => new RegExp(`(?<!\\p{L})${plain(word)}(?!\\p{L})`, "giu"));
    const look = () => {
      const names = [given?.value ?? "", family?.value ?? "", email.value.split("@")[0]];
      const words = own.value + (letter.value === letter.defaultValue ? "" : `\n${letter.value}`);
      const found = [...partsOf(names), ...patterns].flatMap((each) => words.match(each) ?? []);
      const shown = [...new Set(found.map((each) => each.trim()))].slice(0, 5).join(" · ");
      const text = warning.querySelector(".found");
      if (form.elements.way.value === "shielded" && text.textContent !== shown) {
        text.textContent = shown;
        warning.hidden = !shown;
      }
    };
    form.addEventListener("input", look);
    look();
  }
}
