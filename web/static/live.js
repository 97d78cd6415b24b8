// What a form says while it is filled in: a firm by its name, another line for somebody, what sums come to.
// It listens to the whole page, so that a form that comes later is served as well; without it every form works.

const written = (box) => box && box.value.trim() !== "";

function firm(box) {
  const line = box.closest(".party");
  const kind = line && line.querySelector(".kind select");
  const side = box.closest("[data-firms]");
  if (!kind || !side || kind.dataset.chosen || !/\.name$/.test(box.name)) return;
  const usual = kind.querySelector("option[selected]");
  const is = new RegExp(side.dataset.firms).test(box.value.trim());
  kind.value = is ? "enterprise" : usual ? usual.value : kind.value;
}

function another(box) {
  const line = box.closest(".party");
  const side = box.closest("[data-firms]");
  const count = side && side.querySelector(`input[type="hidden"][name="${CSS.escape(side.id)}"]`);
  if (!line || !count || !/\.name$/.test(box.name) || !written(box)) return;
  const lines = side.querySelectorAll(".party");
  if (line !== lines[lines.length - 1] || lines.length >= Number(side.dataset.most)) return;
  const next = line.cloneNode(true);
  const was = `${side.id}.${lines.length - 1}`, is = `${side.id}.${lines.length}`;
  for (const wrong of next.querySelectorAll(".wrong")) wrong.remove();
  for (const it of [next, ...next.querySelectorAll("*")]) {
    for (const name of ["id", "name", "for"]) {
      const held = it.getAttribute(name);
      if (held === was || (held && held.startsWith(`${was}.`))) it.setAttribute(name, is + held.slice(was.length));
    }
    it.removeAttribute("aria-invalid");
    it.removeAttribute("aria-describedby");
  }
  for (const it of next.querySelectorAll("input")) {
    if (it.type === "checkbox") it.checked = false; else it.value = "";
  }
  for (const it of next.querySelectorAll("select")) {
    it.selectedIndex = Math.max(0, [...it.options].findIndex((option) => option.defaultSelected));
    delete it.dataset.chosen;
  }
  for (const it of next.querySelectorAll(".filled")) it.classList.remove("filled");
  const heading = next.querySelector("legend");
  if (heading) heading.textContent = heading.textContent.replace(/第\d+行/, `第${lines.length + 1}行`);
  line.after(next);
  count.value = String(lines.length + 1);
}

document.addEventListener("input", (event) => {
  const box = event.target;
  if (box instanceof HTMLInputElement) {
    firm(box);
    another(box);
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches && event.target.matches(".party .kind select")) event.target.dataset.chosen = "1";
});
