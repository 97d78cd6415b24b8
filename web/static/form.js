// Forms are better with it, and work without: a calendar beside a day that is typed, folds that stay open.
"use strict";

(() => {
  const two = (n) => String(n).padStart(2, "0");

  function calendar() {
    const make = (name, words) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(words)) made.setAttribute(key, value);
      return made;
    };
    const picture = make("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" });
    picture.append(make("path", { d: "M2.5 4.5h15v13h-15zM2.5 8.5h15M6.5 2v4M13.5 2v4M6 12h2M12 12h2M6 15h2" }));
    return picture;
  }

  function daysIn(root) {
    for (const box of root.querySelectorAll("input[data-day]")) {
      const native = document.createElement("input");
      if (!native.showPicker) return;
      native.type = "date";
      native.className = "unseen";
      native.tabIndex = -1;
      native.setAttribute("aria-hidden", "true");
      const button = document.createElement("button");
      button.type = "button";
      button.append(calendar());
      const label = document.querySelector(`label[for="${CSS.escape(box.id)}"]`);
      button.setAttribute("aria-label", `选日期：${label ? label.firstChild.textContent.trim() : ""}`);
      const around = document.createElement("span");
      around.className = "dated";
      box.replaceWith(around);
      around.append(box, button, native);
      button.addEventListener("click", () => {
        const written = box.value.match(/^(\d{4})年(\d{1,2})月(\d{1,2})日/);
        native.value = written ? `${written[1]}-${two(written[2])}-${two(written[3])}` : "";
        native.showPicker();
      });
      native.addEventListener("change", () => {
        const [year, month, day] = native.value.split("-").map(Number);
        if (!year) return;
        const time = box.dataset.day === "past" ? box.value.match(/ \d{1,2}:\d{2}$/) : null;
        box.value = `${year}年${month}月${day}日${time ? time[0] : ""}`;
        box.dispatchEvent(new Event("input", { bubbles: true }));
        box.dispatchEvent(new Event("change", { bubbles: true }));
      });
    }
  }

  function foldsIn(root) {
    for (const fold of root.querySelectorAll("form details[data-fold]")) {
      const kept = document.createElement("input");
      kept.type = "hidden";
      kept.name = "open";
      kept.value = fold.dataset.fold;
      kept.disabled = !fold.open;
      fold.append(kept);
      fold.addEventListener("toggle", () => { kept.disabled = !fold.open; });
    }
  }

  function begin(root) {
    daysIn(root);
    foldsIn(root);
  }

  begin(document);
  for (const shown of ["form:shown", "row:shown"]) document.addEventListener(shown, (event) => begin(event.target));
})();
