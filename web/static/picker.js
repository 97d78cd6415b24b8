// What a step may be called is found while it is typed, within the page. Without it the form asks for the page that lists them.
"use strict";

(() => {
  const PAUSE = 400;
  const MOST = 5;
  let waiting = 0;
  let latest = 0;

  function placeAt(form) {
    const next = form.nextElementSibling;
    if (next && next.classList.contains("found")) return next;
    const place = document.createElement("div");
    place.className = "found";
    place.setAttribute("role", "status");
    form.after(place);
    return place;
  }

  function words(text) {
    const made = document.createElement("p");
    made.textContent = text;
    return made;
  }

  function show(form, picks) {
    const able = picks.filter((it) => it.querySelector(":scope > ul.ways"));
    const shown = able.slice(0, MOST).flatMap((it) => [it.querySelector("ul.ways")]);
    const rest = picks.length - shown.length;
    const said = !picks.length ? "没有这样叫的步骤，请换一个说法。" : rest ? `${shown.length ? "还" : ""}有 ${rest} 个现在不能办或排在后面的，按“找”看。` : "";
    placeAt(form).replaceChildren(...shown.map((it) => document.importNode(it, true)), ...(said ? [words(said)] : []));
  }

  function find(form, typed) {
    const mine = ++latest;
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.open("GET", `${form.getAttribute("action")}?list=1&q=${encodeURIComponent(typed)}`);
    request.onload = () => {
      if (mine !== latest || request.status !== 200 || !request.response || !form.isConnected) return;
      show(form, [...request.response.querySelectorAll("main section.pick")]);
    };
    request.send();
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form.picker");
    if (!form || event.isComposing) return;
    clearTimeout(waiting);
    const typed = event.target.value.trim();
    latest += 1;
    if (typed) waiting = setTimeout(() => find(form, typed), PAUSE);
    else placeAt(form).remove();
  });
  document.addEventListener("compositionend", (event) => event.target.dispatchEvent(new Event("input", { bubbles: true })));
})();
