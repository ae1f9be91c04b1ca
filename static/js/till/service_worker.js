/**
 * Keeps the till's page so that it opens with no server. The server writes `self.SHELL` above this: {version, page, files}.
 *
 * A version is fetched whole before it is used, and used whole: the page and all its files come from one cache. Pictures of
 * products are kept when they are first seen, the oldest going first. Everything else goes to the server as it is.
 */

const SHELL_CACHE = `till-shell-${self.SHELL.version}`;
const PICTURES = "till-pictures";
const MOST_PICTURES = 600;

self.addEventListener("install", (event) => {
  event.waitUntil(fetchShell().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === self.SHELL.page) event.respondWith(page(request));
  else if (self.SHELL.files.includes(url.pathname)) event.respondWith(shellFile(request, url.pathname));
  else if (request.destination === "image") event.respondWith(picture(request));
});

async function fetchShell() {
  const cache = await caches.open(SHELL_CACHE);
  const fresh = (path) => new Request(path, { cache: "reload" });
  await cache.addAll([self.SHELL.page, ...self.SHELL.files].map(fresh));
}

async function forgetOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("till-shell-") && name !== SHELL_CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** The kept page, at once; a newer one comes with the next version of this worker. */
async function page(request) {
  const kept = await (await caches.open(SHELL_CACHE)).match(self.SHELL.page);
  return kept ?? fetch(request);
}

async function shellFile(request, path) {
  const kept = await (await caches.open(SHELL_CACHE)).match(path);
  return kept ?? fetch(request);
}

async function picture(request) {
  const cache = await caches.open(PICTURES);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
    const keys = await cache.keys();
    await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST_PICTURES)).map((key) => cache.delete(key)));
  }
  return answer;
}
