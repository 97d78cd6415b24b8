// What is typed into a form is kept on the server as a draft: some seconds after it was, and when the page goes away. Nothing is
// put into the browser's storage. Without this file: a button.
"use strict";

(() => {
  const AFTER = 3000;
  let timer = 0;
  let kept = "";
  let isBusy = false;
  let isLeaving = false;

  const line = () => document.querySelector(".drafting");
  const form = () => line() && line().closest("form");

  function typed() {
    const data = new FormData(form());
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("do", "keep");
    data.set("by_script", "1");
    return data;
  }

  const inWords = (data) => JSON.stringify([...data]);

  function say(words, kind) {
    const said = line();
    if (!said) return;
    said.className = `drafting ${kind}`;
    said.textContent = words;
  }

  function sayKept(answer) {
    const at = new Date(answer.headers.get("Date") || Date.now());
    const clock = at.toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    const more = line() && line().dataset.files;
    say(`草稿已存 ${clock}${more ? `，${more}` : ""}`, "");
  }

  // What is sent while the page goes away outlives it; of much the browser sends only what fits.
  function send(data, keepalive) {
    const given = { method: "POST", body: data, credentials: "same-origin", redirect: "manual" };
    return fetch(form().action, { ...given, keepalive }).catch((fault) => {
      if (keepalive) return fetch(form().action, given);
      throw fault;
    });
  }

  async function keep() {
    clearTimeout(timer);
    timer = 0;
    if (!form() || isLeaving || isBusy) return;
    const data = typed();
    const words = inWords(data);
    if (words === kept) return;
    isBusy = true;
    const isSettled = await send(data, false).then((answer) => settle(answer, words), () => false);
    isBusy = false;
    if (!isSettled) say("没有网络，或系统暂时不能用，草稿还没有存上；过一会儿自动再存", "late");
    if (form() && (!isSettled || inWords(typed()) !== words)) wait();
  }

  // Whether there was an answer to go on with: with none it is sent again.
  async function settle(answer, words) {
    if (answer.status === 429 || answer.status >= 500) return false;
    const isInWords = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
    if (answer.status === 204) {
      kept = words;
      sayKept(answer);
    } else {
      say(isInWords ? await answer.text() : "草稿没有存上；请按“存草稿”再试，或把填的内容另外记下", "late");
    }
    return true;
  }

  function wait() {
    if (!timer && !isLeaving) timer = setTimeout(keep, AFTER);
  }

  function changed(event) {
    if (form() && form().contains(event.target) && event.target.type !== "file") wait();
  }

  // What waits to be sent is sent now: the page may never come back.
  function flush() {
    if (!form() || isLeaving || !timer) return;
    clearTimeout(timer);
    timer = 0;
    const data = typed();
    const words = inWords(data);
    if (words === kept) return;
    kept = words;
    send(data, true).catch(() => (kept = ""));
  }

  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush());
  for (const back of ["online", "focus"]) addEventListener(back, () => form() && wait());
  // The form itself is sent: what it becomes is for its answer to say. Another script may have taken it up instead.
  addEventListener("submit", (event) => {
    if (event.target === form() && !event.defaultPrevented) isLeaving = true;
  });
  addEventListener("pageshow", () => (isLeaving = false));

  if (form()) {
    kept = line().dataset.posted ? "" : inWords(typed());
    if (!kept) wait();
  }
})();
