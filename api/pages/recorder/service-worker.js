// The recorder without a network: its page and its files, all of one version. The server writes the version before the addresses of
// the files below (api/pages/versions.py), so each version is another worker with a cache of its own. A page that runs goes on with
// the files of its version; the next page has the new ones. Answers about people and talks are never kept.
const PATIENCE_MS = 3000;
const PAGE = "/record";
const OFFLINE = "/offline";
// Everything that the page needs to begin a recording; a test follows the imports.
const FILES = [
  "/record/record.js", "/record/capture.js", "/record/catching.js", "/record/clock.js", "/record/cutting.js", "/record/database.js", "/record/duties.js", "/record/gaps.js", "/record/level.js", "/record/live.js",
  "/record/offline.js", "/record/ogg.js", "/record/opus.js", "/record/owner.js", "/record/recording.js", "/record/retrying.js", "/record/sending.js", "/record/store.js", "/record/talks.js", "/record/tap.js", "/record/timeline.js", "/record/view.js",
  "/record/wav.js", "/record/webm.js", "/record/record.css", "/record/lahstats.webmanifest", "/record/icon-192.png", "/site/tokens.css", "/site/kept.js", "/site/layout.css", "/site/layout.js", "/site/seen.js", "/site/session.js", "/site/texts.js",
  "/site/texts.en.json", "/site/texts.zh.json", "/site/zones.js", "/site/answers.zh.json", "/site/icon.svg", "/wrapped/dom.js", "/wrapped/Roboto-Regular.ttf", "/wrapped/Roboto-Bold.ttf",
];
const PLACE = FILES[0].replace(/\/record\/record\.js$/, "");
const CACHES = "lah-shell";
const KEPT = CACHES + PLACE;
const FOLDERS = ["/files/", "/record/", "/site/", "/wrapped/"];
// By other addresses than those that people open: at these there may be another version already.
const PAGES = [PLACE + PAGE, PLACE + OFFLINE];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll([...PAGES, ...FILES])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(forgotten().then(() => self.clients.claim())));

// The version before stays: a recording that runs may need a file of it still, when it opens its microphone anew.
async function forgotten() {
  const others = (await caches.keys()).filter((name) => name.startsWith(CACHES) && name !== KEPT);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(pathname === PAGE ? recorder(request) : fetch(request).catch(() => kept(PLACE + OFFLINE)));
  else if (FOLDERS.some((folder) => pathname.startsWith(folder))) event.respondWith(file(request));
});

// A store that fails has nothing.
const kept = (asked) => caches.open(KEPT).then((found) => found.match(asked, { ignoreVary: true })).catch(() => undefined);
const keptBefore = (asked) => caches.match(asked, { ignoreVary: true }).catch(() => undefined);

// At the address of a version there are always the same bytes: those that are kept are as good as new.
const file = async (request) => (await kept(request)) || (await keptBefore(request)) || fetch(request);

// The network's page, whose files are all of its version; or the kept one, where the network fails or says nothing for a while.
async function recorder(request) {
  const held = await kept(PLACE + PAGE);
  const asked = fetch(request);
  if (!held) return asked;
  asked.catch(() => {}); // whoever was answered from here does not hear of it
  const patience = new Promise((done) => setTimeout(() => done(held), PATIENCE_MS));
  return Promise.race([asked.then((answer) => (answer.status >= 500 ? held : answer)), patience]).catch(() => held);
}
