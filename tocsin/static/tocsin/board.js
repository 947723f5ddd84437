// Fetches the changing part of a page again and again, while somebody looks at it.
(() => {
  const place = document.querySelector("[data-again]");
  if (!place) return;
  const refresh = async () => {
    // Whoever is about to follow a link or to open a table there must not lose their place.
    if (document.hidden || place.contains(document.activeElement)) return;
    try {
      const answer = await fetch(place.dataset.again, { headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (!answer.ok || answer.redirected) return;
      const open = [...place.querySelectorAll("details[open]")].map((each) => each.id);
      place.innerHTML = await answer.text();
      for (const id of open) {
        const again = document.getElementById(id);
        if (again) again.open = true;
      }
    } catch {
      // The next time will do.
    }
  };
  setInterval(refresh, Number(place.dataset.againSeconds) * 1000);
})();
