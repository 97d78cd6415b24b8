// An open sheet outlives a lost connection: what was filled in waits in memory and is sent when there is one, as the same order,
// so that it is done once however often it is sent. Nothing is put into the browser's storage. Without this file: an ordinary form.
"use strict";

(() => {
  const AGAIN = 15000;
  const SHOWN = 60000;
  const UNREACHED = new Set([0, 429, 502, 503, 504]);
  const photos = [];
  let pending = null;
  let busy = false;
  let signedIn = true;
  let timer = 0;
  let begun = null;

  const form = () => document.getElementById("visit");
  const place = () => document.getElementById("photos");

  function say(words, kind, ...more) {
    const said = document.getElementById("sending");
    if (!said) return;
    said.hidden = !words;
    said.className = `sending ${kind}`;
    said.replaceChildren(words, ...more);
  }

  // -- one request

  function ask(method, address, data) {
    return new Promise((finished) => {
      const request = new XMLHttpRequest();
      request.responseType = "document";
      request.timeout = 60000;
      request.open(method, address);
      request.onload = () => finished(request);
      request.onerror = request.ontimeout = () => finished(request);
      request.send(data);
    });
  }

  const isElsewhere = (request) => request.responseURL && new URL(request.responseURL).pathname !== new URL(form().action).pathname;

  function reason(request) {
    const page = request.response;
    const said = page && (page.querySelector(".fault, [role=alert]") || page.querySelector("h1"));
    return said ? said.textContent.trim().replace(/\s+/g, " ") : "没有办成，再按一次试试";
  }

  // -- photos

  function list() {
    let found = document.getElementById("chosen");
    if (!found) {
      found = document.createElement("ul");
      found.id = "chosen";
      found.className = "sending";
      found.setAttribute("aria-live", "polite");
      place().append(found);
    }
    return found;
  }

  function add(file) {
    const row = document.createElement("li");
    const name = document.createElement("span");
    const drop = document.createElement("button");
    const it = { file, row, said: document.createElement("span"), done: false };
    name.textContent = file.name;
    it.said.className = "said";
    drop.type = "button";
    drop.className = "quiet";
    drop.textContent = "不要这张";
    drop.addEventListener("click", () => {
      photos.splice(photos.indexOf(it), 1);
      row.remove();
    });
    row.append(name, drop, it.said);
    list().append(row);
    photos.push(it);
  }

  async function sendPhoto(it, kept) {
    const data = new FormData();
    for (const [name, value] of kept.data) if (!(value instanceof File)) data.append(name, value);
    data.set("do", "photo");
    data.append("photos", it.file, "photo");
    const request = await ask("POST", kept.action, data);
    it.done = request.status === 204;
    it.row.className = it.done ? "done" : "";
    if (it.done) it.said.textContent = "已收存";
    return request;
  }

  // -- the sheet

  function wait(words, ...more) {
    say(words, "waiting", ...more, giveUp());
    clearTimeout(timer);
    timer = setTimeout(send, AGAIN);
  }

  function giveUp() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = "先不发送，再改改";
    button.addEventListener("click", release);
    return button;
  }

  function release() {
    clearTimeout(timer);
    pending = null;
    for (const part of frozen()) part.inert = false;
    say("", "");
  }

  const frozen = () => [...form().children].filter((part) => part.id !== "sending");

  async function send() {
    if (!form()) pending = null;
    if (!pending || busy) return;
    busy = true;
    clearTimeout(timer);
    const kept = pending;
    say("正在发送……", "waiting");
    try {
      await deliver(kept);
    } finally {
      busy = false;
    }
  }

  async function deliver(kept) {
    for (const it of photos.filter((one) => !one.done)) {
      const request = await sendPhoto(it, kept);
      if (pending !== kept) return;
      if (it.done) continue;
      if (!settled(request)) return;
      it.row.className = "failed";
      it.said.textContent = reason(request);
      release();
      say("有照片没有收，其余的还没有发送；请去掉它或换一张，再按一次。", "failed");
      return;
    }
    const request = await ask("POST", kept.action, kept.data);
    if (pending !== kept || !settled(request)) return;
    pending = null;
    if (request.status === 204) {
      say("已发送。", "sent");
      const done = new CustomEvent("form:done", { bubbles: true, cancelable: true, detail: kept.done });
      if (form().dispatchEvent(done)) location.assign(kept.done);
    } else {
      show(request);
    }
  }

  // Whether there was an answer to go on with; if not, what is waited for.
  function settled(request) {
    if (UNREACHED.has(request.status)) {
      wait(navigator.onLine && request.status ? "待发送：现在办不了，过一会儿会自动再发送。不要关闭这一页。" : "待发送：没有网络，回来后会自动发送。不要关闭这一页。");
      return false;
    }
    if (isElsewhere(request) || request.status === 400) {
      signedOut();
      return false;
    }
    return true;
  }

  // The sheet given back with what is wrong; any other answer leaves it as it stands.
  function show(request) {
    const page = request.response;
    if (!page || !page.getElementById("visit")) {
      release();
      say(reason(request), "failed");
      return;
    }
    const place = form().closest(".sheet, main");
    place.replaceChildren(...page.querySelector("main").childNodes);
    place.dispatchEvent(new CustomEvent("form:shown", { bubbles: true }));
    const alert = place.querySelector("[role=alert]");
    if (alert) {
      alert.tabIndex = -1;
      alert.focus();
    }
  }

  function signedOut() {
    signedIn = false;
    if (!form().dataset.signIn) {
      say("待发送：口令要再输一次，填的都还在这一页。请另外打开收到的链接，输好口令后回到这一页，会自动发送。", "waiting", giveUp());
      return;
    }
    const link = document.createElement("a");
    link.href = form().dataset.signIn;
    link.target = "_blank";
    link.textContent = "另开一页登录";
    say("待发送：登录已结束，填的都还在这一页。请", "waiting", link, "，登录后回到这一页，会自动发送。", giveUp());
  }

  // After signing in again the page's token is another; whoever has signed in must be the same.
  async function renewed() {
    const request = await ask("GET", form().action);
    const found = request.response && request.response.getElementById("visit");
    if (!pending || !found || isElsewhere(request)) return false;
    if (found.dataset.who !== form().dataset.who) {
      say("现在登录的是别人，没有发送。请本人登录后再发送。", "failed", giveUp());
      return false;
    }
    const token = found.elements.csrf_token.value;
    form().elements.csrf_token.value = token;
    pending.data.set("csrf_token", token);
    signedIn = true;
    return true;
  }

  document.addEventListener("submit", (event) => {
    const wanted = event.submitter ? event.submitter.value : "";
    if (event.target !== form() || !["do", "nobody"].includes(wanted)) return;
    event.preventDefault();
    if (pending || busy) return;
    const data = new FormData(form());
    data.delete("photos");
    data.set("do", wanted);
    data.set("by_script", "1");
    pending = { data, action: form().action, done: form().dataset[wanted] || form().dataset.done };
    for (const part of frozen()) part.inert = true;
    send();
  });

  async function back() {
    if (!pending || busy || document.visibilityState === "hidden") return;
    busy = true;
    const isReady = signedIn || (await renewed());
    busy = false;
    if (isReady) send();
  }

  addEventListener("online", back);
  addEventListener("focus", back);
  document.addEventListener("visibilitychange", back);
  addEventListener("beforeunload", (event) => {
    if (pending && form()) event.preventDefault();
  });

  function ready() {
    if (!form() || form() === begun) return;
    begun = form();
    photos.length = 0;
    clearTimeout(timer);
    pending = null;
    for (const input of place() ? place().querySelectorAll("input[type=file]") : []) {
      input.addEventListener("change", () => {
        for (const file of input.files) add(file);
        input.value = "";
      });
    }
    for (const shown of document.querySelectorAll("[data-masked]")) {
      setTimeout(() => {
        shown.textContent = shown.dataset.masked;
        shown.removeAttribute("href");
      }, SHOWN);
    }
  }

  ready();
  document.addEventListener("form:shown", ready);
})();
