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

const money = (fen) => `￥${(fen / 100).toLocaleString("en-US", { minimumFractionDigits: 2 })}`;

function fen(typed) {
  const found = typed.replace(/[,，\s￥¥元]/g, "").match(/^(\d+(?:\.\d{1,6})?)(万?)$/);
  return found ? Math.round(Number(found[1]) * (found[2] ? 1000000 : 100)) : null;
}

function sums(box) {
  const form = box.form, line = box.closest(".kind-money");
  if (!form || !line) return;
  const said = line.querySelector(".capital");
  if (said) said.textContent = "";
  const table = form.querySelector("fieldset[data-adds]");
  if (!table) return;
  const parts = [...table.querySelectorAll(".kind-money input")].map((it) => fen(it.value)).filter((it) => it);
  const sum = parts.reduce((all, it) => all + it, 0);
  const total = table.querySelector("[data-total]");
  if (total) total.textContent = parts.length ? `共 ${money(sum)}（${parts.length}笔）` : "";
  const amount = form.elements.namedItem("f.amount");
  const beside = amount && amount.closest(".kind-money").querySelector(".capital");
  if (!beside) return;
  const whole = fen(amount.value);
  beside.textContent = !parts.length ? ""
    : whole === null ? `各笔合计 ${money(sum)}，金额空着就照这个记`
      : whole === sum ? "与各行相加相同" : `与各行相加差 ${money(Math.abs(whole - sum))}`;
}

function away(radio) {
  for (const list of document.querySelectorAll(`[data-away-from="${CSS.escape(radio.name)}"]`)) {
    for (const label of list.querySelectorAll("label.tick")) {
      const box = label.querySelector("input");
      label.hidden = box.value === radio.value;
      if (label.hidden) box.checked = false;
    }
  }
}

document.addEventListener("input", (event) => {
  if (event.target instanceof HTMLInputElement) sums(event.target);
});

document.addEventListener("change", (event) => {
  if (event.target.matches && event.target.matches("input[type=radio], select")) away(event.target);
});

// All of a short list at one press, without another page.
document.addEventListener("click", (event) => {
  const button = event.target.closest && event.target.closest(".picking button[name=do]");
  const found = button && button.value.match(/^(all|none):/);
  const list = button && button.closest("fieldset");
  if (!found || !list || list.querySelector(".ticks.many")) return;
  event.preventDefault();
  for (const box of list.querySelectorAll(".ticks input[type=checkbox]")) {
    if (!box.closest("label[hidden]")) box.checked = found[1] === "all";
  }
  list.dispatchEvent(new Event("change", { bubbles: true }));
});
