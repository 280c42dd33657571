// A passkey, between the browser and the form that carries its answer. Without this script the page says so, and
// leads to the other ways. Nothing is fetched: what to ask is in the form, what was answered is posted by it.
"use strict";
(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  const asked = () => {
    const options = JSON.parse(form.dataset.options);
    options.challenge = bytes(options.challenge);
    if (options.user) options.user = { ...options.user, id: bytes(options.user.id) };
    options.excludeCredentials = listed(options.excludeCredentials);
    options.allowCredentials = listed(options.allowCredentials);
    return { publicKey: options };
  };
  const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const answered = (credential) => {
    const response = {};
    for (const part of PARTS) if (credential.response[part]) response[part] = text(credential.response[part]);
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {},
    });
  };
  const show = (name, shown) => {
    for (const part of document.querySelectorAll(`[data-part="${name}"]`)) part.hidden = !shown;
  };

  show("without", false);
  show("with", true);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    show("failed", false);
    try {
      const credential = await navigator.credentials[form.dataset.passkey](asked());
      form.elements.credential.value = answered(credential);
      form.submit();
    } catch {
      show("failed", true);
    }
  });
})();
