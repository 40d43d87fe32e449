// Checks a certificate on this device: the QR code carries what is signed, and nothing leaves the browser.
// The layout of the payload is described in lms/credentials/compact.py.

const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const KINDS = ["attendance", "completion", "competence", "instructor"];
const EPOCH = Date.UTC(2020, 0, 1);
const DAY = 86_400_000;
const ROUNDS = 20_000;
const OLD_LIST = 14 * DAY;
const MOST_MILLISECONDS = 4000;
const utf8 = new TextEncoder();
const part = (name) => document.querySelector(`[data-part=${name}]`);

class Refused extends Error {}

function base32(letters) {
  const out = [];
  let bits = 0, held = 0;
  for (const letter of letters) {
    const value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter);
    if (value < 0) throw new Refused("unreadable");
    held = (held << 5 | value) & 0xfff;
    bits += 5;
    if (bits >= 8) out.push(held >> (bits -= 8) & 0xff);
  }
  // What is left over must be zeros of one incomplete letter: there is one way to write a payload.
  if (bits >= 5 || held & (1 << bits) - 1) throw new Refused("unreadable");
  return new Uint8Array(out);
}

const base64 = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
const hex = (bytes) => [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
const joined = (...parts) => new Uint8Array(parts.flatMap((each) => [...each]));
const same = (one, other) => one.length === other.length && one.every((each, place) => each === other[place]);

async function isSigned(key, domain, content, signature) {
  let known;
  try {
    known = await crypto.subtle.importKey("raw", base64(key.x.slice(1)), "Ed25519", false, ["verify"]);
  } catch {
    throw new Refused("browser");
  }
  return crypto.subtle.verify("Ed25519", known, signature, joined(utf8.encode(domain), content));
}

// What an address says and its signature, within some seconds; null without a network, or from whoever is not us.
async function fetched(address) {
  try {
    const answer = await fetch(address, { cache: "reload", signal: AbortSignal.timeout(MOST_MILLISECONDS) });
    const { said, signature } = await answer.json();
    return { text: said, said: JSON.parse(said), signature: base64(signature) };
  } catch {
    return null;
  }
}

// What was kept under a name, or what was fetched instead if it may follow that and one of the keys has signed it:
// who has the domain when its mission is gone may answer anything.
async function newest(name, answer, domain, keys, follows) {
  const before = JSON.parse(localStorage.getItem(name));
  if (!answer) return before;
  for (const key of keys) {
    if (!await isSigned(key, domain, utf8.encode(answer.text), answer.signature)) continue;
    if (before && !follows(answer.said, before)) break;
    localStorage.setItem(name, answer.text);
    return answer.said;
  }
  return before;
}

// The keys and lists of this device. The first keys are believed; later ones are signed with one that is known.
async function data() {
  const [keys, lists] = await Promise.all(["/check/keys.json", "/check/status.json"].map(fetched));
  const before = JSON.parse(localStorage.getItem("check-keys"));
  const known = await newest("check-keys", keys, "concord keys 1\0", (before ?? keys?.said)?.keys ?? [], (said) =>
    before.keys.every((key) => said.keys.some((each) => each.id === key.id && each.x === key.x)));
  const said = known && await newest("check-lists", lists, "concord status lists 1\0", known.keys, (later, earlier) =>
    Date.parse(later.at) >= Date.parse(earlier.at));
  if (known && said) navigator.serviceWorker?.ready.then(() => { part("ready").hidden = false; });
  return [known, said];
}

function unpacked(body) {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  let number = view.getBigUint64(5), code = "";
  for (let place = 0; place < 12; place += 1) {
    code = ALPHABET[Number(number % 30n)] + code;
    number /= 30n;
  }
  let at = 49;
  const text = () => {
    const end = at + 1 + body[at];
    const words = new TextDecoder().decode(body.subarray(at + 1, end));
    at = end;
    return words;
  };
  const expires = view.getUint16(16);
  return {
    code: code.match(/.{4}/g).join("-"),
    kind: KINDS[body[13] & 15],
    level: body[13] >> 4,
    issued: EPOCH + view.getUint16(14) * DAY,
    expires: expires ? EPOCH + expires * DAY : null,
    hours: view.getUint16(18),
    list: view.getUint16(20),
    bit: body[22] << 16 | body[23] << 8 | body[24],
    salt: body.slice(25, 33),
    holder: body.slice(33, 49),
    course: text(),
    language: text(),
    title: text(),
    issuer: text(),
  };
}

// What the payload says if it is signed; nothing of it is shown before.
async function read(payload, keys) {
  const content = base32(payload);
  if (content.length <= 49 + 64 || content[0] !== 1) throw new Refused("unreadable");
  if (!keys) throw new Refused("nokeys");
  const body = content.subarray(0, -64), id = hex(content.subarray(1, 5));
  const key = keys.keys.find((each) => each.id === id);
  if (!key) throw new Refused("unknown-key");
  if (!await isSigned(key, "concord certificate 1\0", body, content.subarray(-64))) throw new Refused("forged");
  return unpacked(body.slice());
}

async function isSet(list, name, bit) {
  if (!list) return false;
  const packed = new Blob([base64(list[name].slice(1))]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bits = new Uint8Array(await new Response(packed).arrayBuffer());
  return Boolean(bits[bit >> 3] & 0x80 >> (bit & 7));
}

// A certificate is valid through its last day. A device's clock may be wrong, but it is not earlier than its list.
async function standing(certificate, said) {
  const list = said?.lists[certificate.list], now = Math.max(Date.now(), said ? Date.parse(said.at) : 0);
  if (await isSet(list, "revoked", certificate.bit)) return "revoked";
  if (await isSet(list, "suspended", certificate.bit)) return "suspended";
  if (certificate.expires !== null && certificate.expires + DAY <= now) return "expired";
  return said ? "valid" : "signed";
}

// A name as lms/credentials/names.py has it, which says what these letters are.
const DROPPED = /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f\u00ad\u0640\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/gu;
const ZEROS = "\u0660\u06f0\u07c0\u0966\u09e6\u0a66\u0ae6\u0be6\u0c66\u0e50\u0ed0\u1040\u17e0";
const LETTERS = "\u0649\u06cc\u06a9\u06be\u06c1\u06d5\u0629\u0671\u0131\u0142\u00f8\u0111\u03c2\u2018\u2019\u02bc\u02b9`\u2010\u2011\u2013\u2014";
const INSTEAD = "\u064a\u064a\u0643\u0647\u0647\u0647\u0647\u0627ilod\u03c3'''''----";
const ALIKE = new Map([...LETTERS].map((each, place) => [each, INSTEAD[place]]));
for (const zero of ZEROS) for (let value = 0; value < 10; value++) ALIKE.set(String.fromCharCode(zero.charCodeAt(0) + value), String(value));

function plain(name) {
  const bare = name.normalize("NFKD").replace(DROPPED, "").toLowerCase();
  return [...bare].map((each) => ALIKE.get(each) ?? each).join("").split(/[\s\x1c-\x1f\x85]+/u).filter(Boolean).join(" ");
}

async function isHolder(certificate, name) {
  const words = await crypto.subtle.importKey("raw", utf8.encode(plain(name)), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: certificate.salt, iterations: ROUNDS };
  return same(new Uint8Array(await crypto.subtle.deriveBits(how, words, 128)), certificate.holder);
}

function show(name, value, language) {
  const place = part(name);
  place.textContent = value;
  if (language) Object.assign(place, { lang: language, dir: "auto" });
}

function choose(name, value) {
  for (const each of document.querySelectorAll(`[data-${name}]`)) each.hidden = each.dataset[name] !== String(value);
}

const locale = document.documentElement.lang;
const day = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
const moment = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });
let current = null, turn = 0;

function showDetails(certificate, said) {
  show("code", certificate.code);
  show("course", certificate.course);
  show("title", certificate.title, certificate.language);
  show("hours", new Intl.NumberFormat(locale).format(certificate.hours));
  show("issued", day.format(certificate.issued));
  if (certificate.expires !== null) show("expires", day.format(certificate.expires));
  choose("expiry", certificate.expires === null ? "none" : "day");
  choose("kind", certificate.kind);
  choose("level", certificate.level);
  part("level").hidden = !certificate.level;
  show("issuer", certificate.issuer, certificate.language);
  if (said) show("list", moment.format(new Date(said.at)));
  choose("list", said ? "there" : "none");
  part("old").hidden = !said || Date.now() - Date.parse(said.at) <= OLD_LIST;
  part("ask").href = `/verify/${certificate.code}`;
}

async function check() {
  const own = turn += 1;
  current = null;
  choose("answer", "");
  choose("state", "working");
  part("details").hidden = true;
  try {
    const payload = decodeURIComponent(location.hash.slice(1)).trim().toUpperCase();
    if (!payload) choose("state", "begin");
    const [keys, said] = await data();
    if (!payload) return;
    const certificate = await read(payload, keys), state = await standing(certificate, said);
    // Another check may have begun while this one waited.
    if (own !== turn) return;
    showDetails(certificate, said);
    choose("state", state);
    current = certificate;
    part("details").hidden = false;
  } catch (refused) {
    if (own === turn) choose("state", refused instanceof Refused ? refused.message : "unreadable");
  }
}

part("compare").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = new FormData(event.target).get("name"), asked = current;
  if (!asked || !plain(name)) return;
  const answer = await isHolder(asked, name) ? "yes" : "no";
  if (asked === current) choose("answer", answer);
});

// A pasted address counts by what stands behind its number sign.
part("paste").addEventListener("submit", (event) => {
  event.preventDefault();
  location.hash = new FormData(event.target).get("payload").split("#").pop().trim();
});

// The language that was chosen last is the one in which the next QR code is answered.
for (const way of document.querySelectorAll("[data-language]")) {
  way.addEventListener("click", () => {
    localStorage.setItem("check-language", way.dataset.language);
    way.hash = location.hash;
  });
}
const chosen = localStorage.getItem("check-language");
if (location.pathname === "/check/" && chosen && chosen !== locale) location.replace(`/check/${chosen}${location.hash}`);

let install = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  install = event;
  part("install").hidden = false;
});
part("install").addEventListener("click", () => install?.prompt());

navigator.serviceWorker?.register("/check/worker.js", { scope: "/check/" });
addEventListener("hashchange", check);
check();
