// Keeps the page that checks certificates, so that it opens without a network.
const NAME = "check-{{ build }}";
const KEPT = {{ (files + [asset("css/app.css"), asset("css/check.css"), asset("js/check.js"), asset("icons/mark.svg")])|tojson }};
const DATA = {{ data|tojson }};
const LISTS = "check-data";
const SECONDS = 4;

const anew = (address) => new Request(address, { cache: "reload" });

addEventListener("install", (event) => event.waitUntil((async () => {
  await (await caches.open(NAME)).addAll(KEPT.map(anew));
  await (await caches.open(LISTS)).addAll(DATA.map(anew));
  await skipWaiting();
})()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith("check-") && name !== NAME && name !== LISTS) await caches.delete(name);
  }
  await clients.claim();
})()));

addEventListener("fetch", (event) => {
  const { pathname, search, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (DATA.includes(pathname)) event.respondWith(newest(pathname));
  else if (KEPT.includes(pathname + search)) event.respondWith(kept(pathname + search));
});

async function kept(address) {
  return await (await caches.open(NAME)).match(address) ?? fetch(anew(address));
}

// The newest that can be had within some seconds, else the last that was fetched.
async function newest(address) {
  const cache = await caches.open(LISTS);
  try {
    const answer = await fetch(anew(address), { signal: AbortSignal.timeout(SECONDS * 1000) });
    if (!answer.ok) throw new Error(answer.statusText);
    await cache.put(address, answer.clone());
    return answer;
  } catch {
    return await cache.match(address) ?? Response.error();
  }
}
