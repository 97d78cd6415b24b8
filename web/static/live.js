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

// A row more once something is typed into the last; who is in it is as in the row before, until another is chosen.
function row(box) {
  const last = box.closest("fieldset.row");
  const table = last && last.closest("fieldset.rows");
  const spare = table && table.querySelector("template[data-spare]");
  if (!spare || box.closest("details.more") || !written(box)) return;
  const rows = [...table.querySelectorAll("fieldset.row")].filter((it) => it.id);
  if (last !== rows[rows.length - 1]) return;
  if (rows.length > 1) takeOver(rows[rows.length - 2], last);
  if (rows.length >= Number(table.dataset.most)) return;
  const next = document.importNode(spare.content, true).firstElementChild;
  const was = next.id, is = `${table.id}.${rows.length}`;
  for (const it of [next, ...next.querySelectorAll("*")]) {
    for (const { name, value } of [...it.attributes]) {
      if (value === was || value.startsWith(`${was}.`) || value.startsWith(`${was}-`)) it.setAttribute(name, is + value.slice(was.length));
    }
  }
  for (const it of next.querySelectorAll(".unseen")) it.textContent = it.textContent.replace(/第\d+行/, `第${rows.length + 1}行`);
  last.after(next);
  table.querySelector(`input[type="hidden"][name="${CSS.escape(table.id)}"]`).value = String(rows.length + 1);
  next.dispatchEvent(new CustomEvent("row:shown", { bubbles: true }));
}

const again = (part) => [...part.querySelectorAll("[data-again]")];

function takeOver(before, here) {
  const there = again(before);
  again(here).forEach((box, n) => {
    if (box.value || !there[n] || !there[n].value) return;
    box.value = there[n].value;
    box.dataset.copied = "1";
  });
  within(here);
}

// What is folded away is of the same kind of row alone.
function part(box) {
  const here = box.closest("fieldset.row");
  const before = here && here.previousElementSibling;
  if (!before || !before.matches("fieldset.row") || box.hasAttribute("data-again")) return;
  const same = before.querySelectorAll(".in-row select")[[...here.querySelectorAll(".in-row select")].indexOf(box)];
  if (!same || same.value === box.value) return;
  for (const it of here.querySelectorAll("details.more [data-copied]")) it.value = "";
  within(here);
}

// What a fold holds, in few words beside its name.
function within(here) {
  const place = here && here.querySelector("details.more .within");
  if (!place) return;
  const words = [];
  for (const line of here.querySelectorAll("details.more .cells > *")) {
    const box = [...line.querySelectorAll("select, textarea, input:not([type=hidden], [tabindex='-1'])")]
      .find((it) => (it.type === "checkbox" || it.type === "radio" ? it.checked : written(it)));
    const label = line.querySelector("legend, label");
    if (!box || !label) continue;
    const said = box.tagName === "SELECT" ? box.selectedOptions[0].textContent : box.type === "checkbox" ? "" : box.value;
    words.push(`${label.firstChild.textContent.trim()} ${said.length > 12 ? `${said.slice(0, 12)}…` : said}`.trim());
  }
  place.textContent = words.join("；");
}

// Who may settle was given it in writing: an authority, unless another paper is chosen.
function mandate(box) {
  const paper = box.form && box.form.elements.namedItem(box.name.replace(/settle$/, "paper"));
  if (paper && box.checked && paper.value === "none") paper.value = "mandate";
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!box.matches) return;
  if (box.matches(".in-row select")) part(box);
  if (box.matches('input[type=checkbox][name$=".settle"]')) mandate(box);
});

document.addEventListener("input", (event) => {
  const box = event.target;
  if (box.matches && box.matches("fieldset.rows .in-row :is(input, textarea)")) row(box);
  if (box.closest && box.closest("details.more")) within(box.closest("fieldset.row"));
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

// All rows of a table at one press, without another page.
document.addEventListener("click", (event) => {
  const button = event.target.closest && event.target.closest(".filling button[name=do]");
  const found = button && button.value.match(/^(all|none):/);
  if (!found) return;
  event.preventDefault();
  const table = button.closest("fieldset.rows");
  for (const box of table.querySelectorAll(".in-row .tick input[type=checkbox]")) box.checked = found[1] === "all";
  table.dispatchEvent(new Event("change", { bubbles: true }));
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
