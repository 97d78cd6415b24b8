// Several files at once, one after another, each with its progress; what failed is sent again. Without this file one at a time.
"use strict";

(() => {
  function begin(root) {
    const form = root.querySelector("#step");
    const place = form && form.querySelector("#files");
    if (!place) return;
    const inputs = [...place.querySelectorAll("input[type=file]")];
    const list = document.createElement("ul");
    list.className = "sending";
    list.setAttribute("aria-live", "polite");
    place.append(list);
    const press = () => `“${form.querySelector("button[value=do]").textContent.trim()}”`;
    const waiting = [];
    let busy = false;
    let number = 0;

    for (const input of inputs) {
      if (!input.hasAttribute("capture")) input.multiple = true;
      input.addEventListener("change", () => {
        for (const file of input.files) add(file);
        input.value = "";
      });
    }

    function add(file) {
      const row = document.createElement("li");
      const name = document.createElement("span");
      const bar = document.createElement("progress");
      const said = document.createElement("span");
      const drop = document.createElement("button");
      name.textContent = file.name;
      bar.max = 1;
      bar.value = 0;
      bar.setAttribute("aria-label", file.name);
      said.className = "said";
      said.textContent = "等待上传";
      drop.type = "button";
      drop.className = "quiet";
      drop.textContent = "不要这个";
      row.append(name, bar, said, drop);
      list.append(row);
      // The same file is the same order, however often it is sent: it is filed once.
      const it = { file, row, bar, said, drop, id: `${form.elements.id.value}.${++number}`, done: false };
      drop.addEventListener("click", () => {
        waiting.splice(waiting.indexOf(it), 1);
        row.remove();
      });
      waiting.push(it);
    }

    function send(it) {
      return new Promise((finished) => {
        const data = new FormData(form);
        data.delete("files");
        data.set("files", it.file, "file");
        data.set("id", it.id);
        data.set("of_form", form.elements.id.value);
        data.set("by_script", "1");
        data.set("do", "do");
        const request = new XMLHttpRequest();
        request.responseType = "document";
        request.open("POST", form.getAttribute("action"));
        request.upload.addEventListener("progress", (event) => {
          if (!event.lengthComputable) return;
          it.bar.value = event.loaded / event.total;
          it.said.textContent = event.loaded < event.total ? `${Math.round(100 * it.bar.value)}%` : "正在检查和加密";
        });
        request.onload = () => {
          it.done = request.status === 204;
          it.said.textContent = it.done ? "已收存" : reason(request);
          finished();
        };
        request.onerror = () => {
          it.said.textContent = `网络断了，没有传完；再按一次${press()}就接着传`;
          finished();
        };
        request.send(data);
      });
    }

    function reason(request) {
      const page = request.response;
      const said = page && page.querySelector(".fault, [role=alert]");
      const words = said ? said.textContent.trim().replace(/\s+/g, " ") : "";
      if (words) return words;
      if (request.status === 413) return "文件太大，没有收";
      if (request.status === 503) return `现在上传的人多，再按一次${press()}`;
      const title = page && page.querySelector("h1");
      return title ? title.textContent : `没有收，再按一次${press()}试试`;
    }

    form.addEventListener("submit", async (event) => {
      if (!waiting.length || (event.submitter && event.submitter.value !== "do")) return;
      event.preventDefault();
      if (busy) return;
      busy = true;
      for (const it of waiting) it.drop.hidden = true;
      for (const it of waiting.filter((one) => !one.done)) {
        it.row.className = "";
        it.bar.value = 0;
        await send(it);
        it.row.className = it.done ? "done" : "failed";
      }
      busy = false;
      if (waiting.every((it) => it.done)) {
        const done = new CustomEvent("form:done", { bubbles: true, cancelable: true, detail: `${form.dataset.done}#exhibit` });
        if (form.isConnected && form.dispatchEvent(done)) location.assign(done.detail);
        return;
      }
      for (const it of waiting) it.drop.hidden = it.done;
    });
  }

  begin(document);
  document.addEventListener("form:shown", (event) => begin(event.target));
})();
