// Sends what waits. One page or service worker of this browser sends at a time: whoever holds the lock.
import { ask, Failure, lastSignedIn } from "/site/session.js";
import { pauseMs, verdict } from "./retrying.js";
import * as store from "./store.js";

const LOCK = "lah-sender";
const PATIENCE_MS = 30_000;

/** @typedef {import("./store.js").Talk} Talk */
/** @typedef {import("./store.js").Chunk} Chunk */

/** Wakes a sender that pauses: the network is back, or there is something new. */
let wake = () => {};
export const sendNow = () => wake();

const paused = (/** @type {number} */ ms) => new Promise((done) => {
  const timer = setTimeout(done, ms);
  wake = () => {
    clearTimeout(timer);
    done(undefined);
  };
});

/**
 * Sends all that this person's talks have, and goes on while `goesOn`: for a recording's life, or until nothing waits.
 * @param {string} owner
 * @param {() => boolean} goesOn
 */
export function send(owner, goesOn) {
  return navigator.locks.request(LOCK, async () => {
    for (let tries = 0; ; ) {
      // A disk that fails to be read is tried again as a network is.
      const found = await round(owner).catch(() => ({ failed: true, leastMs: 0 }));
      if (!found.failed && !goesOn()) return;
      tries = found.failed ? tries + 1 : 0;
      await paused(found.failed ? pauseMs(tries, found.leastMs) : 1000);
    }
  });
}

/**
 * Once all that waits. One talk's trouble is not another's; without a network there is nothing to try.
 * @param {string} owner
 */
async function round(owner) {
  const found = { failed: false, leastMs: 0 };
  for (const { id, state } of await store.talks(owner)) {
    if (state === "done") continue;
    const problem = await sendTalk(id).then(() => null, failureOf);
    if (!problem) continue;
    found.failed = true;
    found.leastMs = Math.max(found.leastMs, 1000 * problem.retryAfterS);
    await store.change(id, () => ({ trouble: { status: problem.status, detail: problem.message } }));
    if (problem.status === 0) break;
  }
  return found;
}

/** @param {string} id */
async function sendTalk(id) {
  for (let next = await store.nextWaiting(id); next; next = await store.nextWaiting(id)) await sendChunk(next);
  const now = await store.talk(id);
  if (!now || now.state !== "stopped") return;
  if (!now.isTold) await complete(now);
  // A refused chunk stays here, and so does its talk.
  if ((await store.count(id)) === 0) await store.change(id, (talk) => (talk.isTold ? { state: "done", uploadToken: null } : {}));
}

/** @param {Chunk} chunk */
async function sendChunk(chunk) {
  const talk = await store.talk(chunk.talk);
  if (!talk) return;
  const token = talk.uploadToken || (await start(talk));
  if (token === null) return;
  try {
    await put(chunk, token);
    await store.received(chunk);
  } catch (problem) {
    await settle(chunk, /** @type {Failure} */ (problem));
  }
}

/** @param {Chunk} chunk @param {Failure} problem */
async function settle(chunk, problem) {
  const found = verdict(problem.status, problem.kind.endsWith("digest-mismatch"));
  if (found === "erased") await store.forget(chunk.talk);
  else if (found === "token") await store.change(chunk.talk, () => ({ uploadToken: null }));
  else if (found === "taken") await store.renumber(chunk);
  else if (found === "refused") await store.refused(chunk, problem.message);
  else throw problem;
}

/**
 * Make the talk known. Returns its upload token; null when it is gone or never will be taken.
 * @param {Talk} talk
 */
async function start(talk) {
  // It would be that of somebody who signed in since, in another tab.
  if ((lastSignedIn() || talk.owner) !== talk.owner) throw new Failure("signed out", 401);
  const body = {
    time_zone: talk.timeZone, recorded_at: new Date(talk.recordedAt).toISOString(), group_id: talk.groupId, speakers_hint: talk.hint,
    consent: { text_version: talk.consent, agreed_at: new Date(talk.agreedAt).toISOString() },
  };
  try {
    const answer = await ask(`/v1/sessions/${talk.id}`, { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS) });
    const { upload_token: token } = await answer.json();
    await store.change(talk.id, () => ({ uploadToken: token }));
    return token;
  } catch (problem) {
    const failure = failureOf(problem);
    if (failure.status === 410) await store.forget(talk.id);
    // The group is gone, or its owner has sent this person away: the talk is theirs alone then.
    else if (failure.status === 404 && talk.groupId) await store.change(talk.id, () => ({ groupId: null }));
    else throw failure;
    return null;
  }
}

/** @param {Chunk} chunk @param {string} token */
async function put(chunk, token) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (chunk.content)));
  const headers = {
    Authorization: `Bearer ${token}`, "Content-Type": chunk.type, "Content-Digest": `sha-256=:${btoa(String.fromCharCode(...digest))}:`,
    "Lah-Start-Ms": String(chunk.startMs), "Lah-Duration-Ms": String(chunk.durationMs),
  };
  const receipt = await (await reach(`/v1/sessions/${chunk.talk}/chunks/${chunk.seq}`, { method: "PUT", headers, body: /** @type {BodyInit} */ (chunk.content) })).json();
  const hexadecimal = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (receipt.sha256 !== hexadecimal) throw new Failure(`the receipt of part ${chunk.seq} names other bytes`, 422);
}

/** @param {Talk} talk */
async function complete(talk) {
  const token = talk.uploadToken || (await start(talk));
  if (token === null) return;
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  try {
    await reach(`/v1/sessions/${talk.id}/complete`, { method: "POST", headers, body: JSON.stringify({ chunks: talk.chunks }) });
    await store.change(talk.id, () => ({ isTold: true, trouble: null }));
  } catch (problem) {
    const failure = failureOf(problem);
    const found = verdict(failure.status, false);
    if (found === "erased") await store.forget(talk.id);
    else if (found === "token") await store.change(talk.id, () => ({ uploadToken: null }));
    else throw failure;
  }
}

/**
 * With the talk's own token and not the person's: it outlives a sign-out, and opens this one talk only.
 * @param {string} address @param {RequestInit} options
 */
async function reach(address, options) {
  const answer = await fetch(address, { ...options, credentials: "omit", signal: AbortSignal.timeout(PATIENCE_MS) }).catch((problem) => {
    throw failureOf(problem);
  });
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  throw new Failure(told.detail || `${answer.status}`, answer.status, told.type || "", Number(answer.headers.get("Retry-After") || 0));
}

// An answer that comes too late is none.
/** @param {any} problem @returns {Failure} */
function failureOf(problem) {
  if (problem instanceof Failure) return problem;
  if (problem.name === "TypeError" || problem.name === "TimeoutError" || problem.name === "AbortError") return new Failure("offline", 0);
  throw problem;
}
