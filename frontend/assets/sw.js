// The service worker: opens the program with no network, and never lets anything doubtful into its cache.
//
// A template. The server fills in the version and the lists of files when it is asked for /sw.js; a change in any
// of them changes this file, and the browser installs the new worker beside the old one.

const VERSION = "__VERSION__";
const PRECACHE = __PRECACHE__;
// Pages that start faster with a module of their own, for those who open them.
const STARTS = __STARTS__;
const PREFIX = "roundtable-";
const CACHE = PREFIX + VERSION;
const KEPT = [...PRECACHE, ...STARTS.flatMap(({ files }) => files)];
const SHELLS = ["/en", "/fr", ...STARTS.flatMap(({ pages }) => pages)];
const PASS = ["/api/", "/healthz", "/readyz", "/sw.js"];

// What a file must say it is. A captive portal answers 200 with HTML to everything.
const TYPES = [
  [/\.js$/, /^(text|application)\/javascript\b/],
  [/\.wasm$/, /^application\/wasm\b/],
  [/\.css$/, /^text\/css\b/],
  [/\.svg$/, /^image\/svg\+xml\b/],
  [/\.webmanifest$/, /^application\/(manifest\+)?json\b/],
  [/^\/(en|fr)(\/[^.]*)?$/, /^text\/html\b/],
];

const rightType = (path, response) => {
  const rule = TYPES.find(([name]) => name.test(path));
  return !rule || rule[1].test(response.headers.get("content-type") || "");
};

// Only the server's own shell has a splash; a portal's page has not.
const rightShell = async (path, response) =>
  !SHELLS.includes(path) || (await response.clone().text()).includes('id="splash"');

// Hashed files and shells alike come from the server, not from the HTTP cache of an older build.
const fetchWhole = async (path, cache = SHELLS.includes(path) ? "no-cache" : "reload") => {
  const response = await fetch(path, { cache, credentials: "same-origin" });
  if (!response.ok || response.redirected || !rightType(path, response) || !(await rightShell(path, response))) {
    throw new Error(`not what was asked for: ${path}`);
  }
  return response;
};

const startOf = (path) => STARTS.find(({ pages }) => pages.includes(path));

// Whoever has just visited the page has its module in the HTTP cache: it is kept without being fetched again. The
// pages come last: they name the files. One that could not be kept is opened with what all pages have, and so is one
// of a newer server, which names files that this worker does not have.
const keepStart = async ({ pages, files }) => {
  const cache = await caches.open(CACHE);
  if (await cache.match(pages[pages.length - 1])) return;
  const shells = await Promise.all(pages.map((path) => fetchWhole(path)));
  const texts = await Promise.all(shells.map((shell) => shell.clone().text()));
  if (!texts.every((text) => files.every((path) => text.includes(path)))) return;
  const modules = await Promise.all(files.map((path) => fetchWhole(path, "force-cache")));
  await Promise.all(files.map((path, n) => cache.put(path, modules[n])));
  await Promise.all(pages.map((path, n) => cache.put(path, shells[n])));
};

// All or nothing: one doubtful file, and the worker that is there stays.
const install = async () => {
  const files = await Promise.all(PRECACHE.map(async (path) => [path, await fetchWhole(path)]));
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(files.map(([path, response]) => cache.put(path, response)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const starts = new Set(open.map(({ url }) => startOf(new URL(url).pathname)).filter(Boolean));
  await Promise.allSettled([...starts].map(keepStart));
};

const activate = async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
};

// The shell that a navigation opens, or none when the address is not one of the program's.
const shellOf = (path) => {
  if (path === "/") return /^fr\b/i.test(self.navigator.language || "") ? "/fr" : "/en";
  const found = /^\/(en|fr)(\/|$)/.exec(path);
  return found && `/${found[1]}`;
};

const cachedOr = async (path, request) => {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) || fetch(request);
};

// Opens the page with its own module, or else as every page, and has the module for the next time.
const opened = async (path, request) => {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) || cachedOr(shellOf(path), request);
};

// Requests that are never answered from here do not wake the worker, where the browser can be told. Besides the time
// this saves each of them: Chromium stops an idle worker to let the waiting one take over, and one request at that
// moment starts it again, after which the update waits until it is idle the next time.
const bypass = async (event) => {
  if (!event.addRoutes) return;
  const patterns = PASS.map((path) => ({ pathname: path.endsWith("/") ? `${path}*` : path }));
  const routes = patterns.map((urlPattern) => ({ condition: { urlPattern }, source: "network" }));
  // Only a saving: a browser that wants them in another form must still get its copy for offline.
  await Promise.resolve(event.addRoutes(routes)).catch(() => undefined);
};

self.addEventListener("install", (event) => event.waitUntil(Promise.all([bypass(event), install()])));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

// A new version waits until the page has saved everything and asks for it.
self.addEventListener("message", (event) => {
  if (event.data === "skip-waiting") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (PASS.some((path) => url.pathname === path || (path.endsWith("/") && url.pathname.startsWith(path)))) return;
  const start = startOf(url.pathname);
  if (request.mode === "navigate" && start) {
    event.respondWith(opened(url.pathname, request));
    event.waitUntil(keepStart(start).catch(() => undefined));
    return;
  }
  const path = request.mode === "navigate" ? shellOf(url.pathname) : KEPT.includes(url.pathname) && url.pathname;
  if (path) event.respondWith(cachedOr(path, request));
});
