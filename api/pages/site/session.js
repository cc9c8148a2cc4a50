// The person who is signed in, and their requests. The session is a cookie that no script can read: a page only knows until when it is good.
// Every failure is a Failure with the answer's own words, in the language of the page where that has them.
import { forget, keep, kept } from "/site/kept.js";
import { failing, problem } from "/site/texts.js";

const HEADER = { "Lah-Page": "1" };
// localStorage, shared by all tabs: a time, and an id. They open nothing.
const UNTIL = "lah-good-until";
const WHO = "lah-who";
const EARLY_MS = 60_000;
// Nobody waits longer for an answer and its body: a network that is lost says nothing.
const PATIENCE_MS = 30_000;
const LOCK = "lah-renew";
export const ME = "/v1/users/me";

export class Failure extends Error {
  /** @param {string} message @param {number} status @param {string} kind @param {number} retryAfterS */
  constructor(message, status, kind = "", retryAfterS = 0) {
    super(message);
    this.status = status; // 0: nobody answered
    this.kind = kind;
    this.retryAfterS = retryAfterS;
  }
}

/** Whether the network, or a server, is away for now: the same request may succeed later. @param {number} status 0: nobody answered */
export const passes = (status) => status === 0 || status === 408 || status === 429 || status >= 500;

const LONGEST_S = 600;

/** Seconds that an answer asks to wait. Machines between us may write a date, or a number that nobody waits for. @param {Response} answer */
function retryAfterS(answer) {
  const told = Number(answer.headers.get("Retry-After") || 0);
  return Number.isFinite(told) ? Math.min(LONGEST_S, Math.max(0, told)) : 0;
}

/** The mistakes that a body names, as sentences: its detail has the names of fields. @param {any} told */
const mistakes = (told) => (told.errors || []).map((/** @type {{msg: string}} */ one) => one.msg).join("; ");

/** @param {Response} answer no success: its body is read, as far as it can be */
export async function failureIn(answer) {
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 401) return new Failure(failing("signed_out"), 401, told.type || "");
  const words = problem(told.type || "", mistakes(told) || told.detail || told.title || `${answer.status}`);
  return new Failure(words, answer.status, told.type || "", retryAfterS(answer));
}

/** Nobody answered: not at all, not in time, or not to the end. */
export const offline = () => new Failure(failing("offline"), 0);

/** @param {string} address @param {RequestInit} options with a signal of its own, where it takes longer than others @returns {Promise<Response>} */
async function send(address, options) {
  try {
    return await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS), ...options, credentials: "same-origin", headers: { ...HEADER, ...(options.headers || {}) } });
  } catch (error) {
    if (/** @type {Error} */ (error).name === "AbortError") throw error;
    throw offline();
  }
}

/** The JSON of an answer. Throws Failure where it breaks off, and where it is none: somebody on the way answered. @param {Response} answer */
export const bodyOf = (answer) => answer.json().catch(() => { throw offline(); });

const goodUntil = () => Number(kept(UNTIL) || 0);

/** Whether somebody was signed in here a moment ago: pages that fail cannot ask. */
export const seemsSignedIn = () => goodUntil() > Date.now();

/** The id of who signed in here and did not sign out, perhaps long ago: a page without a network knows no more. */
export const lastSignedIn = () => kept(WHO);

const note = (/** @type {number} */ seconds) => keep(UNTIL, String(Date.now() + 1000 * seconds));

// One tab at a time: a provider takes the same refresh token once. A tab that waited finds the session renewed by another tab.
async function renew(former = goodUntil()) {
  const work = async () => {
    if (goodUntil() !== former && goodUntil() > Date.now()) return true;
    const answer = await send("/auth/renew", { method: "POST" });
    if (!answer.ok) throw await failureIn(answer);
    if (answer.status === 204) forget(UNTIL, WHO); // nobody is signed in
    else note((await bodyOf(answer)).good_for_s);
    return answer.status !== 204;
  };
  return navigator.locks ? navigator.locks.request(LOCK, work) : work();
}

/**
 * A request in the visitor's name; the session is renewed when it has to be. Throws Failure for every answer that is no success.
 * @param {string} address @param {RequestInit} options @returns {Promise<Response>}
 */
export async function ask(address, options = {}) {
  const former = goodUntil();
  if (former && former - Date.now() < EARLY_MS) await renew(former).catch(() => false);
  let answer = await send(address, options);
  if (answer.status === 401 && (await renew(former))) answer = await send(address, options);
  if (!answer.ok) throw await failureIn(answer);
  return answer;
}

/** @type {Map<string, Promise<any>>} */
const early = new Map();

/**
 * Asks now, all at once, for answers that `read` is going to give: who draws a page first waits for its texts, and for who looks at it.
 * Each answer is given once. Nothing is asked where nobody seems to be signed in.
 * @param {string[]} paths
 */
export function readAhead(...paths) {
  if (!seemsSignedIn()) return;
  for (const path of paths) {
    const asked = ask(path).then(bodyOf);
    asked.catch(() => {}); // whoever reads it hears of it
    early.set(path, asked);
  }
}

/** @param {string} path */
export async function read(path) {
  const asked = early.get(path);
  early.delete(path);
  return asked || bodyOf(await ask(path));
}

/** @param {string} path */
export const picture = async (path) => (await ask(path)).blob().catch(() => { throw offline(); });

/** @typedef {{body: string | undefined, key: string}} Intent */
/** @type {Map<string, Intent>} the latest change of each kind, until its answer is known */
const intents = new Map();

/** @param {string} place @param {string | undefined} body @returns {Intent} */
function intentOf(place, body) {
  const before = intents.get(place);
  if (before && before.body === body) return before;
  const intent = { body, key: crypto.randomUUID() };
  intents.set(place, intent);
  return intent;
}

/** Whether nobody knows what became of a request. @param {any} problem */
const isOpen = ({ status }) => !status || status >= 500 || status === 408;

/**
 * A change. It is one request with one key until its answer is known: whoever tries again after an answer was lost, or taps
 * twice, makes nothing twice.
 * @param {string} method @param {string} path @param {unknown} [body]
 */
export async function write(method, path, body) {
  const place = `${method} ${path}`;
  const intent = intentOf(place, body === undefined ? undefined : JSON.stringify(body));
  const known = () => intents.get(place) === intent && intents.delete(place);
  const headers = { "Content-Type": "application/json", "Idempotency-Key": intent.key };
  try {
    const answer = await ask(path, { method, headers, body: intent.body });
    const told = answer.status === 204 ? null : await bodyOf(answer);
    known();
    return told;
  } catch (problem) {
    if (!isOpen(problem)) known();
    throw problem;
  }
}

/** The person who is signed in, as `/v1/users/me` says it; null when nobody is. */
export async function whoAmI() {
  if (!goodUntil() && !(await renew())) return null;
  try {
    const me = await read(ME);
    keep(WHO, me.user_id);
    return me;
  } catch (problem) {
    if (problem instanceof Failure && problem.status === 401) return null;
    throw problem;
  }
}

/** To the page that signs in, and back here. */
export function signIn(after = location.pathname + location.search) {
  location.assign(`/sign-in?after=${encodeURIComponent(after)}`);
}

// Only a path of ours: an address in a link must not lead a visitor elsewhere.
/** @param {string | null} wanted */
export function localPath(wanted) {
  const found = new URL(wanted || "/", location.origin);
  // `//elsewhere` is another origin, also behind the first part of an address of ours.
  const path = found.pathname.replace(/^\/+/, "/");
  return found.origin === location.origin ? path + found.search : "/";
}

/**
 * A page with what is one person's is drawn again when somebody else may look at it: its person signed out in another tab, or
 * here, and somebody went back to it. A browser shows it as it was then. Not for a page that records: its talk goes on.
 * @param {string} user
 */
export function belongsTo(user) {
  if (lastSignedIn() !== user) return; // this browser keeps nothing
  const look = () => lastSignedIn() !== user && location.reload();
  window.addEventListener("storage", look);
  window.addEventListener("pageshow", look);
}

/** The person who is signed in, whose page it is. Anybody else goes to sign in, and this never returns. */
export async function mustBeSignedIn() {
  const me = await whoAmI();
  if (me) {
    belongsTo(me.user_id);
    return me;
  }
  signIn();
  return new Promise(() => {});
}

/** @param {string} name */
export async function signInAs(name) {
  const told = await post("/auth/development", { name });
  note(told.good_for_s);
  return told;
}

/** Ends the session here and at the provider; then the visitor is at the first page. */
export async function signOut() {
  const { address } = await post("/auth/out");
  forget(UNTIL, WHO);
  location.assign(address || "/");
}

// While something runs that must not end with the session, a recording for instance. Returns what stops it.
export function staySignedIn(everyMs = 30_000) {
  const timer = setInterval(() => {
    if (goodUntil() - Date.now() < 2 * EARLY_MS) renew().catch(() => {});
  }, everyMs);
  return () => clearInterval(timer);
}

/** @param {string} path @param {unknown} [body] */
async function post(path, body) {
  /** @type {Record<string, string>} */
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  const answer = await send(path, { method: "POST", headers, body: body === undefined ? undefined : JSON.stringify(body) });
  if (!answer.ok) throw await failureIn(answer);
  return answer.status === 204 ? null : bodyOf(answer);
}
