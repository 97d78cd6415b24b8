// A form opens over the page it was pressed on; what comes of it is shown there, or leads on. The address is the form's own: going back
// closes it, loading it anew gives the whole page. Without this file, or where anything goes wrong: the ordinary page.
"use strict";

(() => {
  const FORMS = new RegExp(document.currentScript.dataset.forms);
  const LONGEST = 20000;
  const UNREACHED = new Set([0, 429, 502, 503, 504]);
  const bare = (address) => {
    const it = new URL(address, location.href);
    return it.pathname + it.search;
  };
  const base = bare(location.href);
  const title = document.title;
  const lent = [];
  const make = (name, words, ...classes) => {
    const made = document.createElement(name);
    made.textContent = words;
    made.classList.add(...classes);
    return made;
  };
  const sheet = make("div", "", "sheet");
  const dialog = document.createElement("dialog");
  let shown = "";
  let from = null;
  let onward = null;
  let isBusy = false;
  let isWarned = false;
  let isStale = false;

  // -- one request

  // A redirect is told, not followed: what it leads to is loaded once, by the browser.
  function ask(method, address, data) {
    return new Promise((answered) => {
      const request = new XMLHttpRequest();
      request.responseType = "document";
      request.timeout = method === "GET" ? LONGEST : 0;
      request.open(method, address);
      request.setRequestHeader("X-In-Place", "1");
      request.onloadend = () => answered(request);
      request.send(data);
    });
  }

  const toldToGo = (answer) => (answer.status ? answer.getResponseHeader("X-Go") : null);
  const mainOf = (answer) => answer.response && answer.response.querySelector("main");

  function tell(event, about, detail) {
    const it = new CustomEvent(event, { bubbles: true, detail });
    about.dispatchEvent(it);
    return it.detail;
  }

  // -- opening, showing

  async function open(link) {
    isBusy = true;
    link.setAttribute("aria-busy", "true");
    const answer = await ask("GET", link.href);
    isBusy = false;
    link.removeAttribute("aria-busy");
    if (answer.status !== 200 || !mainOf(answer)) return location.assign(toldToGo(answer) || link.href);
    if (!dialog.open) from = link;
    history[dialog.open ? "replaceState" : "pushState"]({ over: true }, "", link.href);
    show(answer, link.hash);
  }

  // Again what the address names: its draft was dropped, or somebody went forward.
  async function reopen() {
    const answer = await ask("GET", location.href);
    if (answer.status === 200 && mainOf(answer)) show(answer, "");
    else location.reload();
  }

  function show(answer, fragment) {
    const main = mainOf(answer);
    if (!dialog.isConnected) document.querySelector("main").append(dialog);
    takeBack();
    isWarned = false;
    shown = bare(location.href);
    document.title = answer.response.title;
    sheet.className = main.className.replace("frame", "sheet");
    sheet.replaceChildren(...main.childNodes);
    const heading = sheet.querySelector("h1");
    if (heading) heading.id = heading.id || "over-heading";
    lend();
    if (heading) dialog.setAttribute("aria-labelledby", heading.id);
    if (!dialog.open) dialog.showModal();
    sheet.scrollTop = 0;
    tell("form:shown", sheet);
    const aim = fragment && document.getElementById(decodeURIComponent(fragment.slice(1)));
    const first = aim || sheet.querySelector("[role=alert]") || sheet.querySelector("[autofocus]") || heading;
    if (first) turnTo(first);
    if (first === heading) sheet.scrollTop = 0;
  }

  function turnTo(part) {
    part.scrollIntoView();
    if (part.tabIndex < 0) part.tabIndex = -1;
    part.focus({ preventScroll: true });
  }

  // A name within a page is that of one thing: while the form is open, of what is in it.
  function lend() {
    for (const part of sheet.querySelectorAll("[id]")) {
      const beneath = document.getElementById(part.id);
      if (!beneath || sheet.contains(beneath)) continue;
      lent.push([beneath, part.id]);
      beneath.removeAttribute("id");
    }
  }

  function takeBack() {
    sheet.replaceChildren();
    for (const [part, name] of lent.splice(0)) part.id = name;
  }

  // -- closing

  // What comes of what was typed: nothing was, it is kept, or it is not.
  const leave = async () => (sheet.querySelector("form") ? tell("form:leaving", sheet, { kept: "" }).kept : "");

  async function shut() {
    if (isBusy || onward) return;
    const kept = await leave();
    if (kept === "lost" && !isWarned) {
      isWarned = true;
      complain("没有网络，或系统暂时不能用，填的内容没有存成草稿。先不要关闭；真的不要了，再按一次“关闭”。");
      return;
    }
    onward = () => conceal(kept);
    history.back();
  }

  function conceal(kept) {
    const called = sheet.querySelector("h1") ? sheet.querySelector("h1").textContent.trim() : "";
    dialog.close();
    takeBack();
    document.title = title;
    if (from && from.isConnected) from.focus();
    if (isStale) location.reload();
    else if (kept) say(kept, called);
  }

  function say(kept, called) {
    const place = document.querySelector("main > .report");
    const words = kept === "lost" ? `“${called}”填的内容没有存成草稿。` : `已存草稿：${called}，还没有办理。下次打开这张表，填的内容还在。`;
    const note = make("p", words, kept === "lost" ? "fault" : "note");
    note.setAttribute("role", "status");
    place.replaceChildren(note);
    keepInSight(place);
  }

  // What was done is seen wherever the page stands, until something is done on it.
  function keepInSight(place) {
    place.classList.add("afresh");
    const over = () => place.classList.remove("afresh");
    for (const act of ["wheel", "touchmove", "pointerdown", "keydown"]) addEventListener(act, over, { once: true });
  }

  addEventListener("popstate", async () => {
    const where = bare(location.href);
    if (onward) {
      const then = onward;
      onward = null;
      return then();
    }
    if (where === (dialog.open ? shown : base)) return;
    if (where === base) {
      const kept = leave();
      const heading = sheet.querySelector("h1");
      const called = heading ? heading.textContent.trim() : "";
      conceal("");
      const came = await kept;
      if (came) say(came, called);
    } else if (history.state && history.state.over) reopen();
    else location.reload();
  });

  // To where an act leads; on the page beneath it is that page, loaded anew where it stands.
  function go(address) {
    const to = new URL(address, location.href);
    if (!dialog.open) return location.assign(to);
    if (to.pathname !== new URL(base, to).pathname) return location.replace(to);
    const isElsewhere = to.search && to.pathname + to.search !== base;
    onward = () => {
      if (isElsewhere) return location.replace(to);
      if (to.hash) {
        history.scrollRestoration = "manual";
        history.replaceState(null, "", to.hash);
      }
      location.reload();
    };
    history.back();
  }

  // -- sending

  function dataOf(form, submitter) {
    const data = new FormData(form);
    if (submitter && submitter.name) data.append(submitter.name, submitter.value);
    if (form.enctype === "multipart/form-data") return data;
    const lines = new URLSearchParams();
    for (const [name, value] of data) lines.append(name, String(value).replace(/\r\n?|\n/g, "\r\n"));
    return lines;
  }

  async function send(form, submitter) {
    const to = new URL((submitter && submitter.getAttribute("formaction")) || form.getAttribute("action") || "", location.href);
    const own = to.pathname;
    isBusy = true;
    if (submitter) submitter.setAttribute("aria-busy", "true");
    const data = dataOf(form, submitter);
    tell("form:sent", form);
    const answer = await ask("POST", own + to.search, data);
    const where = toldToGo(answer) && new URL(toldToGo(answer), location.href);
    const late = where && where.searchParams.get("late");
    if (where && !FORMS.test(where.pathname) && (!late || late === "kept")) return go(where);
    isBusy = false;
    if (submitter) submitter.removeAttribute("aria-busy");
    if (late) return askToSignIn(form, where);
    if (where) return follow(where, own);
    const main = mainOf(answer);
    const isAgain = main && [...main.querySelectorAll("form")].some((it) => new URL(it.getAttribute("action") || "", location.href).pathname === own);
    if (UNREACHED.has(answer.status) || !main || (answer.status >= 400 && !isAgain)) return stay(form, answer);
    if (!dialog.open) history.pushState({ over: true }, "", own);
    show(answer, to.hash);
  }

  // From a form to the next, or to the same one begun anew.
  function follow(to, own) {
    isStale = isStale || to.pathname !== own;
    if (!dialog.open) return location.assign(to);
    history.replaceState({ over: true }, "", to);
    return reopen();
  }

  function askToSignIn(form, to) {
    const link = make("a", "另开一页登录");
    link.href = to.pathname;
    link.target = "_blank";
    tell("form:stays", form);
    complain("登录已结束，还没有办理，填的都还在。请", link, "，再回到这一页按一次按钮。");
  }

  function stay(form, answer) {
    if (!form.isConnected) return say("lost", "刚才那张表");
    tell("form:stays", form);
    if (UNREACHED.has(answer.status) || !mainOf(answer)) {
      complain("没有网络，或系统暂时不能用，填的都还在。过一会儿再按一次按钮；已经办成的，不会办两次。");
    } else {
      const said = mainOf(answer).querySelectorAll("h1, h1 ~ p");
      complain([...said].map((it) => it.textContent.trim()).join("。"));
    }
  }

  function complain(...words) {
    for (const it of sheet.querySelectorAll(".over-fault")) it.remove();
    const fault = make("p", "", "fault", "over-fault");
    fault.setAttribute("role", "alert");
    fault.append(...words);
    (sheet.querySelector("form .buttons:last-of-type") || sheet).prepend(fault);
    turnTo(fault);
  }

  // -- what is pressed

  const isPlain = (event) => event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const isForm = (link) => link.origin === location.origin && FORMS.test(link.pathname) && link.pathname !== location.pathname;

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || !isPlain(event) || link.target || link.hasAttribute("download")) return;
    if (dialog.open && link.hash && bare(link.href) === bare(location.href)) {
      event.preventDefault();
      const aim = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (aim) turnTo(aim);
    } else if (isForm(link)) {
      event.preventDefault();
      if (!isBusy) open(link);
    } else if (dialog.open && !link.hash && bare(link.href) === new URL(base, link.href).pathname) {
      event.preventDefault();
      shut();
    }
  });

  addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !sheet.contains(form) || form.getAttribute("method") !== "post") return;
    event.preventDefault();
    if (!isBusy) send(form, event.submitter);
  });

  // What another script has sent to its end.
  document.addEventListener("form:done", (event) => {
    if (!sheet.contains(event.target)) return;
    event.preventDefault();
    go(event.detail);
  });

  dialog.className = "over";
  const button = make("button", "关闭", "shut", "quiet");
  button.type = "button";
  button.addEventListener("click", shut);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    shut();
  });
  dialog.append(sheet, button);
  document.querySelector("main").append(dialog);
  addEventListener("pageshow", () => (isBusy = false));
  history.scrollRestoration = "auto";
  const place = document.querySelector("main > .report");
  if (place && place.childElementCount && performance.getEntriesByType("navigation")[0].type === "reload") {
    keepInSight(place);
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
  }
})();
