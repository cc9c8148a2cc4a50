// The recorder without a network: its page and its files as they were last seen. A page that runs keeps what it has loaded, so an
// update never touches a recording. Answers about people and talks are never kept.
const KEPT = "lah-shell";
const PATIENCE_MS = 3000;
const PAGE = "/record";
const OFFLINE = "/offline";
// Everything that the page needs to begin a recording; a test follows the imports.
const SHELL = [
  PAGE, OFFLINE, "/record/offline.js", "/record/record.css", "/record/lahstats.webmanifest", "/record/icon-192.png", "/record/record.js", "/record/capture.js", "/record/catching.js", "/record/clock.js", "/record/cutting.js", "/record/database.js",
  "/record/duties.js", "/record/gaps.js", "/record/level.js", "/record/live.js", "/record/ogg.js", "/record/opus.js", "/record/recording.js", "/record/retrying.js", "/record/sending.js",
  "/record/store.js", "/record/talks.js", "/record/tap.js", "/record/timeline.js", "/record/view.js", "/record/wav.js", "/record/webm.js", "/site/tokens.css", "/site/layout.css", "/site/layout.js",
  "/site/seen.js", "/site/session.js", "/site/texts.js", "/site/texts.en.json", "/site/texts.zh.json", "/site/zones.js", "/site/answers.zh.json", "/site/icon.svg", "/wrapped/dom.js", "/wrapped/Roboto-Regular.ttf", "/wrapped/Roboto-Bold.ttf",
];
const FOLDERS = ["/record/", "/site/", "/wrapped/"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (isShell(request, pathname)) event.respondWith(fresh(request, pathname === PAGE ? PAGE : request));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
});

function isShell(request, pathname) {
  return pathname === PAGE || (request.mode !== "navigate" && FOLDERS.some((folder) => pathname.startsWith(folder)));
}

// The network's answer, which is kept; or the kept one, where the network fails or says nothing for a while.
async function fresh(request, key) {
  const kept = await caches.open(KEPT);
  const held = await kept.match(key);
  const asked = fetch(request).then(async (answer) => {
    if (answer.ok) await kept.put(key, answer.clone());
    return answer;
  });
  if (!held) return asked;
  asked.catch(() => {}); // whoever was answered from here does not hear of it
  const patience = new Promise((done) => setTimeout(() => done(held), PATIENCE_MS));
  return Promise.race([asked.then((answer) => (answer.status >= 500 ? held : answer)), patience]).catch(() => held);
}
