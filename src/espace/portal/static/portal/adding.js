// Comfort for « Ajouter un document »: what was chosen, and how much of it has gone. Without it the form works the same.
// The texts come with the page, in its language (template #mots). Nothing is kept, nothing goes anywhere else.
(() => {
  "use strict";
  const find = (id) => document.getElementById(id);
  let request = null;

  function size(bytes) {
    const words = find("mots").dataset;
    const mega = bytes / 1048576;
    if (mega < 1) return Math.max(1, Math.round(bytes / 1024)) + " " + words.kilo;
    return mega.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }) + " " + words.mega;
  }

  function picked(input) {
    const list = find("choisis");
    const most = Number(find("id_together").checked ? input.form.dataset.photo : input.form.dataset.each);
    list.replaceChildren(...Array.from(input.files, (file) => {
      const row = document.createElement("li");
      const heavy = file.size > most ? " : " + find("mots").dataset.heavy : "";
      row.textContent = file.name + " (" + size(file.size) + ")" + heavy;
      row.classList.toggle("error", heavy !== "");
      return row;
    }));
    list.hidden = input.files.length === 0;
  }

  function say(words, percent) {
    find("envoi").hidden = false;
    if (find("envoi-texte").textContent !== words) find("envoi-texte").textContent = words;
    find("envoi-barre").value = percent;
  }

  function rest(form, words) {
    request = null;
    find("envoi-arret").hidden = find("envoi-barre").hidden = true;
    if (words) say(words, 0);
    form.removeAttribute("aria-busy");
  }

  function show(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const main = page.querySelector("main");
    if (!main) return false;
    document.title = page.title;
    document.querySelector("main").replaceWith(main);
    const alert = main.querySelector("[role=alert]") || main;
    alert.focus();
    alert.scrollIntoView();
    return true;
  }

  function answered(form) {
    const { status, responseText, responseURL } = request;
    const json = (request.getResponseHeader("Content-Type") || "").startsWith("application/json");
    if (json) location.assign(JSON.parse(responseText).next);
    else if (responseURL && new URL(responseURL).pathname !== location.pathname) location.assign(responseURL);
    else if (!status || !show(responseText)) rest(form, find("mots").dataset.broken);
    else request = null;
  }

  function send(form) {
    const words = find("mots").dataset;
    request = new XMLHttpRequest();
    request.open("POST", location.pathname);
    request.setRequestHeader("X-Espace-Progress", "1");
    request.upload.addEventListener("progress", (event) => {
      const percent = event.lengthComputable ? Math.floor((100 * event.loaded) / event.total) : 0;
      say(percent < 100 ? words.sending + " : " + (percent - (percent % 10)) + " %" : words.checking, percent);
    });
    request.addEventListener("load", () => answered(form));
    request.addEventListener("error", () => rest(form, words.broken));
    request.addEventListener("abort", () => rest(form, words.stopped));
    form.setAttribute("aria-busy", "true");
    find("envoi-arret").hidden = find("envoi-barre").hidden = false;
    say(words.sending, 0);
    request.send(new FormData(form));
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("#id_chosen, #id_together")) picked(find("id_chosen"));
  });
  document.addEventListener("click", (event) => {
    if (event.target.id === "envoi-arret" && request) request.abort();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "ajout") return;
    event.preventDefault();
    if (request) return;
    const total = Array.from(find("id_chosen").files).reduce((sum, file) => sum + file.size, 0);
    if (total > Number(event.target.dataset.most)) rest(event.target, find("mots").dataset.total);
    else send(event.target);
  });
})();
