// Fetches the changing part of the mail desk every ten seconds, while somebody looks at it.
(() => {
  const place = document.querySelector("[data-mail-now]");
  if (!place) return;
  const refresh = async () => {
    // Whoever is about to press a button there must not lose it.
    if (document.hidden || place.contains(document.activeElement)) return;
    try {
      const again = place.querySelector("[data-mail-again]").dataset.mailAgain;
      const answer = await fetch(again, { headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (answer.ok && !answer.redirected) place.innerHTML = await answer.text();
    } catch {
      // The next time will do.
    }
  };
  setInterval(refresh, 10_000);
})();
