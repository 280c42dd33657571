// Checks a proof file in the browser (docs/reference/proof-file.md). The file is read here and sent nowhere: the page may
// not ask the network for anything. The sentences come with the page, in its language (template #mots).
(() => {
  "use strict";
  const find = (id) => document.getElementById(id);
  const MOST = 64000000, TILES = { holder: 32, representatives: 80 };
  const utf8 = new TextEncoder();

  class Wrong extends Error {}
  class Unable extends Error {}

  function need(holds, why, number) {
    if (!holds) throw new Wrong(find("mots").dataset[why].replace("{n}", number));
  }

  function bytes(text) {
    need(typeof text === "string" && /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0, "format");
    return Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  }

  function joined(...parts) {
    const found = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => (found.set(part, at), at + part.length), 0);
    return found;
  }

  function same(one, other) {
    return one.length === other.length && one.every((value, at) => value === other[at]);
  }

  const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
  const leaf = (data) => sha256([0], data);
  const node = (left, right) => sha256([1], left, right);

  // Numbers of leaves are beyond 2^31: halves by division, never by shifts.
  async function rootFrom(index, size, data, steps) {
    let at = index, last = size - 1, found = await leaf(data);
    for (const step of steps) {
      need(last > 0 && step.length === 32, "tree", index);
      if (at % 2 === 1 || at === last) {
        found = await node(step, found);
        while (at % 2 === 0 && at !== 0) { at /= 2; last = Math.floor(last / 2); }
      } else found = await node(found, step);
      at = Math.floor(at / 2); last = Math.floor(last / 2);
    }
    need(last === 0, "tree", index);
    return found;
  }

  function checkpoint(note) {
    need(typeof note === "string", "format");
    const end = note.indexOf("\n\n"), lines = note.slice(0, Math.max(end, 0)).split("\n");
    need(end > 0 && lines.length === 3 && /^(0|[1-9][0-9]{0,14})$/.test(lines[1]), "format");
    const signatures = note.slice(end + 2).split("\n").slice(0, -1).map((line) => line.split(" "));
    need(signatures.every((parts) => parts.length === 3 && parts[0] === "—"), "format");
    return { origin: lines[0], size: Number(lines[1]), root: bytes(lines[2]), text: note.slice(0, end + 1), signatures };
  }

  // A signature by an unknown key is passed over; one by a key of the log must be one (c2sp.org/signed-note).
  async function signed(said, keys) {
    let found = false;
    for (const text of keys) {
      const [name, , encoded] = text.split(/\+([0-9a-f]{8})\+/);
      const key = bytes(encoded || ""), id = (await sha256(utf8.encode(name + "\n"), key)).slice(0, 4);
      if (key[0] !== 1 || key.length !== 33 || name !== said.origin) continue;
      for (const [, signer, data] of said.signatures) {
        const signature = bytes(data);
        if (signer !== name || !same(signature.slice(0, 4), id)) continue;
        need(await verified(key.slice(1), signature.slice(4), utf8.encode(said.text)), "signature");
        found = true;
      }
    }
    need(found, "signature");
  }

  async function verified(key, signature, text) {
    let known;
    try { known = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]); }
    catch { throw new Unable(); }
    return crypto.subtle.verify("Ed25519", known, signature, text);
  }

  function chainOf(proof) {
    const audience = utf8.encode(proof.audience);
    const raw = bytes(proof.chain_key);
    const key = crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return async (label, number, ...rest) => {
      const eight = new Uint8Array(8);
      new DataView(eight.buffer).setBigUint64(0, BigInt(number));
      const said = joined(utf8.encode("espace-" + label + "/v1\0"), audience, eight, ...rest);
      return new Uint8Array(await crypto.subtle.sign("HMAC", await key, said));
    };
  }

  async function entriesOf(proof, said) {
    const found = new Map();
    for (const one of proof.entries) {
      const data = bytes(one.data);
      need(Number.isSafeInteger(one.index) && one.index >= 0 && one.index < said.size && data.length === 128, "format");
      need(same(await rootFrom(one.index, said.size, data, one.proof.map(bytes)), said.root), "tree", one.index);
      found.set(one.index, data);
    }
    return found;
  }

  async function linked(proof, entries, keyed, line) {
    const text = utf8.encode(line.event), own = entries.get(line.entry), at = TILES[proof.audience];
    const commitment = await sha256(utf8.encode("espace-log/v1"), bytes(line.nonce), text);
    need(own && same(own.slice(0, 32), commitment), "altered", line.number);
    const tag = (await keyed("tag", line.number)).slice(0, 16);
    const link = await keyed("link", line.number, bytes(line.previous), commitment);
    const slot = (entries.get(line.link_entry) || own).slice(at, at + 48);
    need(entries.has(line.link_entry) && same(slot, joined(tag, link)), "chain", line.number);
    return link;
  }

  async function check(text) {
    let proof;
    try { proof = JSON.parse(text); } catch { need(false, "format"); }
    need(proof && proof.format === "espace-trace-proof/1" && Object.hasOwn(TILES, proof.audience), "format");
    need(Array.isArray(proof.lines) && Array.isArray(proof.entries) && ["all", "line"].includes(proof.scope), "format");
    const said = checkpoint(proof.checkpoint), published = find("mots").dataset.keys.split(" ").filter(Boolean);
    await signed(said, published);
    need(proof.lines.length > 0, "empty");
    const entries = await entriesOf(proof, said), keyed = chainOf(proof), events = [];
    let before = null, patient = null;
    for (const line of proof.lines) {
      need(Number.isSafeInteger(line.number) && line.number > 0 && typeof line.event === "string", "format");
      const first = before === null;
      need(!first || proof.scope === "line" || line.number === 1 || proof.lines.length >= 20000, "missing", line.number);
      need(!first || line.number !== 1 || same(bytes(line.previous), new Uint8Array(32)), "chain", line.number);
      need(first || line.number === before.number + 1, "missing", line.number);
      need(first || same(bytes(line.previous), before.link), "chain", line.number);
      before = { number: line.number, link: await linked(proof, entries, keyed, line) };
      const event = JSON.parse(line.event);
      need(patient === null || patient === event.patient, "chain", line.number);
      patient = event.patient;
      events.push(event);
    }
    return events;
  }

  function tell(title, words, wrong) {
    find("verdict").className = wrong ? "alert" : "done";
    const box = document.createElement("div");
    box.append(...[["h2", title], ["p", words]].map(([kind, said]) => {
      const part = document.createElement(kind);
      part.textContent = said;
      return part;
    }));
    find("verdict").replaceChildren(box);
  }

  async function chosen() {
    const file = find("fichier").files[0], words = find("mots").dataset;
    if (!file) return;
    tell(words.reading, file.name, false);
    try {
      need(file.size <= MOST, "format");
      const events = await check(await file.text()), language = document.documentElement.lang;
      const [first, last] = [events[0], events.at(-1)].map((one) => new Date(one.at).toLocaleString(language));
      const dates = words.dates.replace("{a}", first).replace("{b}", last);
      tell(words.holds, [words.counted.replace("{n}", events.length), dates, words.others].join(" "), false);
    } catch (error) {
      if (error instanceof Unable) tell(words.unable, words.program, true);
      else tell(words.refused, error instanceof Wrong ? error.message : words.format, true);
    }
  }

  find("sans").hidden = true;
  if (!window.crypto || !crypto.subtle) return tell(find("mots").dataset.unable, find("mots").dataset.program, true);
  find("choix").hidden = false;
  find("fichier").addEventListener("change", chosen);
})();
