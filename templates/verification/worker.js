// Keeps the page that checks certificates, so that it opens without a network. Keys and lists are kept by js/check.js.
const BUILD = "{{ build }}";
const NAME = `check-${BUILD}`;
const PAGES = {{ files|tojson }};
const ASSETS = {{ [asset("css/app.css"), asset("css/check.css"), asset("js/check.js"), asset("icons/mark.svg")]|tojson }};

const anew = (address) => fetch(new Request(address, { cache: "reload" }));

addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(NAME);
  await Promise.all([...PAGES, ...ASSETS].map(async (address) => cache.put(address, await ours(address))));
  await skipWaiting();
})()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith("check-") && name !== NAME) await caches.delete(name);
  }
  await clients.claim();
})()));

addEventListener("fetch", (event) => {
  const { pathname, search, origin } = new URL(event.request.url);
  const address = pathname + search;
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (PAGES.includes(address) || ASSETS.includes(address)) event.respondWith(kept(address));
});

async function kept(address) {
  return await (await caches.open(NAME)).match(address) ?? anew(address);
}

// The answer, if it is of this build: a portal or a parked domain answers everything with a page of its own.
async function ours(address) {
  const answer = await anew(address);
  const isOurs = PAGES.includes(address) ? answer.headers.get("Concord-Build") === BUILD : await hash(answer) === address.split("?v=")[1];
  if (!answer.ok || !isOurs) throw new Error(`not ours: ${address}`);
  return answer;
}

// As lms.web.assets names a file by its content.
async function hash(answer) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.clone().arrayBuffer()));
  return [...digest.slice(0, 6)].map((each) => each.toString(16).padStart(2, "0")).join("");
}
