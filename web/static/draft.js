// What is typed into a form is kept on the server as a draft: some seconds after it was, and when the form goes away. Nothing is
// put into the browser's storage. Without this file: a button.
"use strict";

(() => {
  const AFTER = 3000;
  const inWords = (data) => JSON.stringify([...data]);

  // A form whose draft is kept, from when it is shown until it is gone.
  function keeper(line) {
    const form = line.closest("form");
    let timer = 0;
    let kept = "";
    let begun = "";
    let isBusy = false;
    let isLeaving = false;

    function typed() {
      const data = new FormData(form);
      for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
      data.set("do", "keep");
      data.set("by_script", "1");
      return data;
    }

    function say(words, kind) {
      line.className = `drafting ${kind}`;
      line.textContent = words;
    }

    function sayKept(answer) {
      const at = new Date(answer.headers.get("Date") || Date.now());
      const clock = at.toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      const more = line.dataset.files;
      say(`草稿已存 ${clock}${more ? `，${more}` : ""}`, "");
    }

    // What is sent while the page goes away outlives it; of much the browser sends only what fits.
    function send(data, keepalive) {
      const given = { method: "POST", body: data, credentials: "same-origin", redirect: "manual" };
      return fetch(form.getAttribute("action"), { ...given, keepalive }).catch((fault) => {
        if (keepalive) return fetch(form.getAttribute("action"), given);
        throw fault;
      });
    }

    async function keep() {
      clearTimeout(timer);
      timer = 0;
      if (!form.isConnected || isLeaving || isBusy) return;
      const data = typed();
      const words = inWords(data);
      if (words === kept) return;
      isBusy = true;
      const isSettled = await send(data, false).then((answer) => settle(answer, words), () => false);
      isBusy = false;
      if (!isSettled) say("没有网络，或系统暂时不能用，草稿还没有存上；过一会儿自动再存", "late");
      if (!isSettled || inWords(typed()) !== words) wait();
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
      if (!timer && !isLeaving && form.isConnected) timer = setTimeout(keep, AFTER);
    }

    function changed(event) {
      if (event.target.type !== "file") wait();
    }

    // What waits to be sent is sent now: the form may never come back.
    function flush() {
      if (!form.isConnected || isLeaving || !timer) return;
      clearTimeout(timer);
      timer = 0;
      const data = typed();
      const words = inWords(data);
      if (words === kept) return;
      kept = words;
      send(data, true).catch(() => (kept = ""));
    }

    // What becomes of what was typed in a form that is closed: nothing was, it is kept, or it is lost.
    async function close() {
      clearTimeout(timer);
      timer = 0;
      const data = typed();
      const words = inWords(data);
      if (isLeaving || words === begun) return "";
      if (words === kept) return "kept";
      const answer = await send(data, true).catch(() => null);
      if (answer && answer.status === 204) kept = words;
      return kept === words ? "kept" : "lost";
    }

    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush());
    for (const back of ["online", "focus"]) addEventListener(back, wait);
    // The form itself is sent: what it becomes is for its answer to say. Another script may have taken it up instead.
    addEventListener("submit", (event) => {
      if (event.target === form && !event.defaultPrevented) isLeaving = true;
    });
    form.addEventListener("form:sent", () => (isLeaving = true));
    form.addEventListener("form:stays", () => {
      isLeaving = false;
      wait();
    });
    document.addEventListener("form:leaving", (event) => {
      if (event.target.contains(form)) event.detail.kept = close();
    });
    addEventListener("pageshow", () => (isLeaving = false));

    begun = kept = line.dataset.posted ? "" : inWords(typed());
    if (!kept) wait();
  }

  const begin = (root) => root.querySelectorAll("form .drafting").forEach(keeper);
  begin(document);
  document.addEventListener("form:shown", (event) => begin(event.target));
})();
