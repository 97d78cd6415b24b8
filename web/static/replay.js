// The slider moves the page without loading it anew, and can walk by itself. Without this file the form does it.
"use strict";

(() => {
  const form = document.getElementById("replay");
  const slider = document.getElementById("at");
  if (!form || !slider) return;
  const pause = 2000;
  let walking = 0;
  let asked = 0;

  // A document is fetched and its part put in place: nothing is ever made from a string.
  function show(number) {
    const mine = ++asked;
    const address = `${form.action}?at=${number}`;
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.open("GET", address);
    request.onload = () => {
      if (mine !== asked) return;
      const fresh = request.response && request.response.getElementById("stage");
      if (request.status !== 200 || !fresh) return location.assign(address);
      const before = document.getElementById("stage");
      for (const part of before.querySelectorAll("details[data-fold]")) {
        const same = fresh.querySelector(`details[data-fold="${CSS.escape(part.dataset.fold)}"]`);
        if (same) same.open = part.open;
      }
      before.replaceWith(document.adoptNode(fresh));
      document.title = request.response.title;
      history.replaceState(null, "", address);
      if (walking) walking = setTimeout(step, pause);
    };
    request.onerror = () => { stop(); location.assign(address); };
    request.send();
  }

  function step() {
    if (Number(slider.value) >= Number(slider.max)) return stop();
    slider.stepUp();
    show(slider.value);
  }

  function stop() {
    clearTimeout(walking);
    walking = 0;
    play.textContent = "自动播放";
  }

  const play = document.createElement("button");
  play.type = "button";
  play.className = "second";
  play.textContent = "自动播放";
  play.addEventListener("click", () => {
    if (walking) return stop();
    if (slider.value === slider.max) slider.value = slider.min;
    play.textContent = "停下";
    walking = setTimeout(() => show(slider.value), 0);
  });
  form.append(play);

  slider.addEventListener("input", () => {
    stop();
    const number = document.querySelector("#place strong");
    if (number) number.textContent = slider.value;
  });
  slider.addEventListener("change", () => show(slider.value));
  window.addEventListener("pagehide", stop);
})();
