// Many files for a dossier at once: a line each, with a picture of it and the place it goes to, which can be changed; then sent
// one after another. Nothing goes anywhere before its place is seen. Without this file each place has a field of its own.
"use strict";

(() => {
  const LONGEST = 96;
  const PRESS = "收存";

  ready();

  function ready() {
    const form = document.getElementById("dossier");
    if (form) setUp(form, document.getElementById("at-once"));
  }

  function setUp(form, section) {
    const sheets = document.getElementById("sheets");
    const button = document.getElementById("file-all");
    const overall = document.getElementById("filing");
    const options = [...document.getElementById("sheet").content.querySelectorAll("option[data-place]")];
    const waiting = [];
    let drawing = Promise.resolve();
    let busy = false;
    let number = 0;
    let isSignedIn = true;

    section.hidden = false;
    for (const field of form.querySelectorAll(".handing, .one-by-one, #files-help")) field.remove();
    for (const input of section.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", () => {
        [...input.files].forEach(add);
        input.value = "";
        tell();
      });
    }
    section.addEventListener("dragover", (event) => {
      event.preventDefault();
      section.classList.add("over");
    });
    section.addEventListener("dragleave", () => section.classList.remove("over"));
    section.addEventListener("drop", (event) => {
      event.preventDefault();
      section.classList.remove("over");
      if (busy) return;
      [...event.dataTransfer.files].forEach(add);
      tell();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    button.addEventListener("click", sendAll);
    addEventListener("beforeunload", (event) => {
      if (busy && section.isConnected) event.preventDefault();
    });

    // -- a line each

    function add(file) {
      const row = document.getElementById("sheet").content.firstElementChild.cloneNode(true);
      const it = { file, row, said: row.querySelector(".said"), title: row.querySelector("input"), goes: [] };
      row.querySelector(".file").textContent = `${file.name}　${size(file.size)}`;
      it.title.setAttribute("aria-label", `名称：${file.name}`);
      choosing(it, row.querySelector("select"), proposed(file.name));
      row.querySelector(".more").addEventListener("click", () => another(it));
      row.querySelector(".drop").setAttribute("aria-label", `不要这个：${file.name}`);
      row.querySelector(".drop").addEventListener("click", () => {
        waiting.splice(waiting.indexOf(it), 1);
        row.remove();
        tell();
      });
      waiting.push(it);
      sheets.append(row);
      drawing = drawing.then(() => draw(file, row.querySelector(".thumb")));
    }

    function choosing(it, select, value) {
      select.setAttribute("aria-label", `放在哪一处：${it.file.name}`);
      select.value = value;
      select.addEventListener("change", tell);
      it.goes.push({ select, id: `${form.elements.id.value}.${++number}`, done: false });
    }

    // A feeder makes one file of several papers: it is put to each of their places.
    function another(it) {
      const select = it.goes[0].select.cloneNode(true);
      it.goes[it.goes.length - 1].select.after(select);
      choosing(it, select, "");
      select.focus();
      tell();
    }

    // By words in its name; else what is missing, in the order of the dossier.
    function proposed(name) {
      const taken = new Set(waiting.flatMap((it) => it.goes.map((one) => one.select.value)));
      let best = ["", 0];
      for (const option of options) {
        const word = Math.max(0, ...option.dataset.words.split(" ").filter((one) => name.includes(one)).map((one) => one.length));
        const isFree = !taken.has(option.value);
        const isMissing = "missing" in option.dataset && isFree;
        const isTheirs = option.dataset.whose && name.includes(option.dataset.whose);
        const fit = word * 1000 + (isTheirs ? 100 : 0) + (isMissing ? 10 : 0) + (isFree ? 1 : 0);
        if ((word || isMissing) && fit > best[1]) best = [option.value, fit];
      }
      return best[0];
    }

    async function draw(file, place) {
      place.textContent = (file.name.split(".").pop() || "").slice(0, 4).toUpperCase();
      if (!file.type.startsWith("image/")) return;
      try {
        const picture = await createImageBitmap(file, { resizeWidth: LONGEST, resizeQuality: "medium" });
        const canvas = document.createElement("canvas");
        canvas.width = picture.width;
        canvas.height = Math.min(picture.height, LONGEST * 2);
        canvas.getContext("2d").drawImage(picture, 0, 0);
        picture.close();
        place.replaceChildren(canvas);
      } catch {
        // A kind of picture that this browser cannot open: its ending stands there.
      }
    }

    // What goes where, before anything is pressed.
    function tell() {
      const open = waiting.flatMap((it) => it.goes.filter((one) => !one.done));
      const nowhere = open.filter((one) => !one.select.value);
      const counts = new Map();
      for (const one of open.filter((it) => it.select.value)) {
        const code = one.select.selectedOptions[0].dataset.place;
        counts.set(code, (counts.get(code) || 0) + 1);
      }
      for (const row of form.querySelectorAll("li[data-place]")) {
        const tag = row.querySelector(".coming");
        const count = counts.get(row.dataset.place);
        tag.hidden = !count;
        tag.textContent = count ? `将放 ${count} 份` : "";
      }
      for (const it of waiting) it.row.classList.toggle("nowhere", it.goes.some((one) => !one.done && !one.select.value));
      button.parentElement.hidden = !waiting.length;
      form.classList.toggle("chosen", waiting.length > 0);
      button.textContent = open.length ? `${PRESS} ${open.length} 份` : PRESS;
      overall.className = nowhere.length ? "said late-words" : "said";
      overall.textContent = nowhere.length ? `还有 ${nowhere.length} 份没有选放在哪一处` : `放到 ${counts.size} 处，见上面各行`;
      return nowhere.length ? nowhere[0].select : null;
    }

    // -- sending

    async function sendAll() {
      const nowhere = tell();
      if (busy) return;
      if (nowhere) {
        nowhere.focus();
        return;
      }
      busy = true;
      if (!isSignedIn) isSignedIn = await renewed();
      const all = waiting.flatMap((it) => it.goes.filter((one) => !one.done).map((one) => [it, one]));
      let sent = 0;
      for (const [it, one] of all) {
        overall.className = "said";
        overall.textContent = `正在收存第 ${++sent} 份，共 ${all.length} 份……`;
        await send(it, one);
      }
      busy = false;
      const failed = waiting.filter((it) => it.goes.some((one) => !one.done)).length;
      if (!failed) return again();
      tell();
      overall.className = "said late-words";
      overall.textContent = `有 ${failed} 份没有收，原因写在那一行；改好再按一次，收过的不会再收`;
    }

    function send(it, one) {
      return new Promise((finished) => {
        const data = new FormData();
        data.set("csrf_token", form.elements.csrf_token.value);
        data.set("id", one.id);
        data.set("by_script", "1");
        data.set(`title.${one.select.value}`, it.title.value);
        data.set(`files.${one.select.value}`, it.file, "file");
        const request = new XMLHttpRequest();
        request.responseType = "document";
        request.open("POST", form.action);
        request.onload = () => {
          // The same file for the same place is the same order, however often it is sent: it is filed once.
          one.done = request.status === 204;
          one.select.disabled = one.done;
          it.row.className = `sheet ${one.done ? (it.goes.every((goes) => goes.done) ? "done" : "") : "failed"}`;
          it.said.textContent = one.done ? "已收存" : reason(request);
          if (it.goes.some((goes) => goes.done)) it.row.querySelector(".drop").hidden = true;
          finished();
        };
        request.onerror = () => {
          it.row.className = "sheet failed";
          it.said.textContent = "网络断了，没有传完；再按一次就接着传";
          finished();
        };
        request.send(data);
      });
    }

    function reason(request) {
      const page = request.response;
      if (request.status === 400 || new URL(request.responseURL || form.action).pathname !== new URL(form.action).pathname) {
        isSignedIn = false;
        return "登录已经结束，这一份没有收。请另开一页登录，回到这一页再按一次";
      }
      const said = page && (page.querySelector("main .fault li") || page.querySelector("main [role=alert]"));
      if (said) return said.textContent.trim().replace(/\s+/g, " ");
      if (request.status === 413) return "文件太大，没有收";
      if (request.status === 503) return "现在上传的人多，再按一次试试";
      const title = page && page.querySelector("h1");
      return title ? title.textContent : "没有收，再按一次试试";
    }

    // After signing in again the page's token is another; whoever has signed in must be the same.
    function renewed() {
      return new Promise((finished) => {
        const request = new XMLHttpRequest();
        request.responseType = "document";
        request.open("GET", form.dataset.renew);
        request.onloadend = () => {
          const page = request.response;
          const token = page && page.querySelector("[name=csrf_token]");
          const name = (root) => root.querySelector(".who .name")?.textContent;
          const isSame = Boolean(token && name(page) && name(page) === name(document));
          if (isSame) form.elements.csrf_token.value = token.value;
          finished(isSame);
        };
        request.send();
      });
    }

    // The page as it is now, in place of this one.
    function again() {
      const request = new XMLHttpRequest();
      request.responseType = "document";
      request.open("GET", form.action);
      request.onerror = () => location.assign(form.action);
      request.onload = () => {
        const main = request.response && request.response.getElementById("main");
        if (!main || !main.querySelector("h1")) return location.assign(form.action);
        document.getElementById("main").replaceWith(document.adoptNode(main));
        ready();
        const said = document.querySelector("main .note, main .verdict");
        said.tabIndex = -1;
        said.focus();
        scrollTo(0, 0);
      };
      request.send();
    }
  }

  function size(bytes) {
    return bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
  }
})();
