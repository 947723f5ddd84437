// Help with the form, in this browser alone: three questions, a look at one's own words, a bad line.
"use strict";
{
  const risk = document.querySelector(".risk");
  if (risk) {
    const questions = [...risk.querySelectorAll(".questions input")];
    const pick = risk.querySelector(".pick");
    let suggested;
    // The browser must not keep them; in HTML a box to tick has no such attribute.
    for (const each of questions) each.setAttribute("autocomplete", "off");
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

  const form = document.querySelector("form[novalidate]");
  const { given, family, email, country, own, letter, variant } = form?.elements ?? {};
  const way = () => form.elements.way?.value ?? "";
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  // Patterns cost a slow telephone a third of a second: made when there is something to look at.
  const once = (make) => {
    let made;
    return () => (made ??= make());
  };
  const patternsOf = (listed) =>
    once(() => JSON.parse(listed).map((each) => new RegExp(each, "giu")));
  const hits = (patterns, text) => {
    const found = text.trim() ? patterns().flatMap((each) => text.match(each) ?? []) : [];
    return [...new Set(found.map((each) => each.trim()))];
  };
  // What is said stands in an attribute, with {} where it says what was found.
  const prepare = (place) =>
    Object.fromEntries(Object.entries(JSON.parse(place.dataset.words)).map(([kind, words]) => {
      const [before, after] = words.split("{}");
      const found = document.createElement("strong");
      const said = document.createElement("p");
      Object.assign(found, { className: "found", dir: "auto" });
      said.className = kind;
      said.append(before, ...(after === undefined ? [] : [found, after]));
      place.append(said);
      return [kind, said];
    }));
  const show = (place, found) => {
    const text = found.slice(0, 5).join(" · ");
    const shown = place.querySelector(".found");
    if (shown.textContent !== text) shown.textContent = text; // a reader hears it once
    place.hidden = !text;
  };
  const bare = (text) => text.replaceAll("\r\n", "\n").trim();
  const another = form?.querySelector("[data-variants]");
  const models = letter && another
    ? JSON.parse(another.dataset.variants)
    : [{ body: letter?.defaultValue ?? "" }];
  const unchanged = () => models.find((model) => bare(model.body) === bare(letter.value));

  // What may tell who somebody is who takes part shielded.
  const warning = document.querySelector(".telltales");
  if (warning) {
    if (!warning.querySelector(".found")) prepare(warning);
    const patterns = patternsOf(warning.dataset.patterns);
    const isPlain = (word) => /^[\x00-\x7f]*$/.test(word);
    const partsOf = (names) => {
      const words = names.join(" ").split(/[\s._+'’0-9-]+/u).filter(Boolean);
      const signs = words.filter((word) => /^\p{Script=Han}+$/u.test(word));
      const rows = signs.length > 1 ? [signs.join(""), [...signs].reverse().join("")] : [];
      const long = words.filter((word) => [...word].length >= (isPlain(word) ? 3 : 2));
      return [...rows, ...long].map((word) => {
        const sought = escaped(word);
        return new RegExp(isPlain(word) ? `(?<!\\p{L})${sought}(?!\\p{L})` : sought, "giu");
      });
    };
    const look = () => {
      if (way() !== "shielded") return;
      const names = [given?.value ?? "", family?.value ?? "", email.value.split("@")[0]];
      const words = own.value + (unchanged() ? "" : `\n${letter.value}`);
      show(warning, hits(() => [...partsOf(names), ...patterns()], words));
    };
    form.addEventListener("input", look);
    look();
  }

  // What makes a letter weigh less: that all are alike, harsh words, people who are named.
  const help = document.querySelector(".help");
  if (help) {
    const harsh = once(() => {
      const words = JSON.parse(help.dataset.harsh).map((word) => {
        const sought = escaped(word.replace("*", ""));
        if (/^\p{Script=Han}/u.test(word)) return sought;
        return `(?<!\\p{L})${sought}${word.endsWith("*") ? "\\p{L}*" : "(?!\\p{L})"}`;
      });
      return [new RegExp(words.join("|"), "giu")];
    });
    const name = "\\p{Lu}\\p{Ll}+";
    const titles = JSON.parse(help.dataset.titles).join("|");
    const people = once(() => {
      const titled = new RegExp(`(?<!\\p{L})(?:${titles})\\.? ${name}(?: ${name})*`, "gu");
      // Where every noun has a capital, two of them in a row are no name.
      if (letter.lang.startsWith("de")) return [titled];
      return [titled, new RegExp(`(?<=[\\p{Ll},;:] )${name}(?:[ -]${name})+`, "gu")];
    });
    const addresses = patternsOf(help.dataset.addresses);
    const relatives = patternsOf(help.dataset.relatives);
    const told = document.querySelector("main").textContent; // whom the page names is no secret
    const parts = prepare(help);
    const inPercent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
    const sentences = (text) => text.split(/(?<=[.!?。！？؟])|\n/u).map(bare).filter(Boolean);
    const share = () => {
      const known = new Set(models.flatMap((model) => sentences(model.body)));
      const all = [...sentences(own.value), ...sentences(letter.value)];
      const count = (some) => some.reduce((sum, sentence) => sum + sentence.length, 0);
      return count(all.filter((sentence) => !known.has(sentence))) / Math.max(count(all), 1);
    };
    const look = () => {
      const isOwn = bare(own.value) !== "" || !unchanged();
      const text = own.value + (unchanged() ? "" : `\n${letter.value}`);
      parts.equal.hidden = isOwn;
      show(parts.share, isOwn ? [inPercent.format(share())] : []);
      show(parts.harsh, hits(harsh, text));
      const named = hits(people, text).filter((each) => !told.includes(each));
      show(parts.person, [...named, ...hits(relatives, text)]);
      // Whoever takes part shielded is warned of these already, and more strictly.
      show(parts.address, way() === "shielded" ? [] : hits(addresses, text));
      help.hidden = way() === "lent";
    };
    form.addEventListener("input", look);
    look();
  }

  // The name under the letter, as it will stand there.
  const signature = form?.querySelector(".signature");
  if (signature) {
    const sign = () => {
      const name = `${given.value} ${family.value}`.trim();
      const place = country.value ? country.selectedOptions[0].textContent : "";
      signature.textContent = name && place ? `${name}, ${place}` : name;
    };
    form.addEventListener("input", sign);
    sign();
  }

  // The same letter in other words.
  if (another) {
    another.addEventListener("click", (event) => {
      event.preventDefault();
      const keeps = bare(letter.value) !== "" && !unchanged();
      const stays = form.querySelector(".stays");
      stays.hidden = !keeps;
      stays.textContent = keeps ? stays.dataset.words : "";
      if (keeps) return;
      const at = models.findIndex((model) => String(model.variant) === variant.value);
      const next = models[(at + 1) % models.length];
      variant.setAttribute("value", next.variant); // else Firefox keeps it for the page anew
      letter.value = bare(next.body);
      form.querySelector(".said").textContent = next.subject;
      form.querySelector(".first").textContent = next.opening;
      form.querySelector(".last").textContent = next.closing;
      const locked = form.querySelector(".locked");
      locked.hidden = !next.fixed;
      locked.querySelector(".fixed").innerText = next.fixed; // its lines stay lines
      form.dispatchEvent(new Event("input"));
    });
  }

  // A line that breaks takes nothing of what was typed: the page stays until an answer is there.
  const line = form?.querySelector(".line");
  if (line) {
    const WITHIN = 60_000; // milliseconds
    const say = (isBack) => {
      line.hidden = false;
      line.textContent = isBack ? line.dataset.back : line.dataset.lost;
    };
    const goalOf = (button) =>
      button?.hasAttribute("formaction") ? button.formAction : form.action;
    let isSending = false;
    addEventListener("online", () => line.hidden || say(true));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isSending) return;
      isSending = true;
      form.setAttribute("aria-busy", "true");
      const { submitter } = event;
      const body = new URLSearchParams(new FormData(form, submitter));
      try {
        const signal = AbortSignal.timeout(WITHIN);
        const answer = await fetch(goalOf(submitter), { method: "POST", body, signal });
        if (answer.redirected && answer.ok) location.assign(answer.url);
        else handOver(submitter); // nothing was kept: the same once more, for the page to be shown
      } catch {
        say(false);
        line.scrollIntoView({ block: "nearest" });
      }
      isSending = false;
      form.removeAttribute("aria-busy");
    });
    const handOver = (submitter) => {
      const step = document.createElement("input");
      Object.assign(step, { type: "hidden", name: "step", value: submitter?.value ?? "send" });
      form.append(step);
      form.action = goalOf(submitter);
      form.submit();
    };
  }
}
