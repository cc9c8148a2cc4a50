// Sends what waits. One page or service worker of this browser sends at a time: whoever holds the lock.
import { ask, bodyOf, Failure, failureIn, lastSignedIn, offline } from "/site/session.js";
import { zoneByOffset } from "/site/zones.js";
import { patienceMs, pauseMs, verdict } from "./retrying.js";
import * as store from "./store.js";

const LOCK = "lah-sender";

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
  for (const { id, state, notTaken } of await store.talks(owner)) {
    if (state === "done" || notTaken) continue;
    const problem = await attempt(id).then(() => null, (/** @type {Error} */ problem) => problem);
    if (!problem) continue;
    found.failed = true;
    await tell(id, problem);
    if (!(problem instanceof Failure)) continue;
    found.leastMs = Math.max(found.leastMs, 1000 * problem.retryAfterS);
    if (problem.status === 0) break;
  }
  return found;
}

/** Sends a talk, as far as there is a use in it. Throws the Failure that is waited for, or what failed here: the disk, say. @param {string} id */
const attempt = (id) => sendTalk(id).catch(async (problem) => {
  if (!(await isOver(id, failureOf(problem)))) throw problem;
});

/** @param {string} id @param {Error} problem */
function tell(id, problem) {
  const status = problem instanceof Failure ? problem.status : store.HERE;
  return store.change(id, () => ({ trouble: { status, detail: problem.message } })).catch(() => {}); // the disk may be the trouble
}

/** @param {Failure} problem */
const meaning = (problem) => verdict(problem.status, problem.kind.endsWith("digest-mismatch"));

/** Whether no other try changes the answer: the talk is gone, or nobody will ever take it. @param {string} id @param {Failure} problem */
async function isOver(id, problem) {
  const found = meaning(problem);
  if (found === "erased") await store.forget(id);
  else if (found === "refused" || found === "taken") await store.change(id, () => ({ notTaken: problem.message, trouble: null }));
  else return false;
  return true;
}

/** Throws the Failure that concerns all of the talk. @param {string} id */
async function sendTalk(id) {
  for (let next = await store.nextWaiting(id); next; next = await store.nextWaiting(id)) await sendChunk(next);
  const now = await store.talk(id);
  if (!now || now.state !== "stopped") return;
  while (!(await isComplete(id)));
  // A refused chunk stays here, and so does its talk.
  if ((await store.count(id)) === 0) await store.change(id, (talk) => (talk.isTold ? { state: "done", uploadToken: null } : {}));
}

/** The talk and its upload token, a new one where it has none. Null when the talk is gone. @param {string} id */
async function allowed(id) {
  const talk = await store.talk(id);
  if (!talk) return null;
  if (talk.uploadToken) return { talk, token: talk.uploadToken, isNew: false };
  return { talk, token: await start(talk), isNew: true };
}

/** @param {Chunk} chunk */
async function sendChunk(chunk) {
  const may = await allowed(chunk.talk);
  if (!may) return;
  const problem = await put(chunk, may.token).then(() => null, failureOf);
  if (problem) await settle(chunk, problem, may.isNew);
  else await store.received(chunk);
}

/** @param {Chunk} chunk @param {Failure} problem @param {boolean} isNew whether its token was just given */
async function settle(chunk, problem, isNew) {
  const found = meaning(problem);
  if (found === "taken") await store.renumber(chunk);
  else if (found === "refused") await store.refused(chunk, problem.message);
  else await renewed(chunk.talk, found, problem, isNew);
}

/** An old token gives way. Throws the problem where that is no help. @param {string} id @param {string} found @param {Failure} problem @param {boolean} isNew */
async function renewed(id, found, problem, isNew) {
  if (found === "token") await store.change(id, () => ({ uploadToken: null }));
  if (found !== "token" || isNew) throw problem;
}

/**
 * Make the talk known. Returns its upload token. Throws the Failure that no change of the request is an answer to.
 * @param {Talk} talk @returns {Promise<string>}
 */
async function start(talk) {
  // It would be that of somebody who signed in since, in another tab.
  if ((lastSignedIn() || talk.owner) !== talk.owner) throw new Failure("signed out", 401);
  try {
    return await begun(talk);
  } catch (problem) {
    const failure = failureOf(problem);
    const instead = otherwise(talk, failure.status);
    if (!instead) throw failure;
    await store.change(talk.id, () => instead);
    return start({ ...talk, ...instead });
  }
}

/** @param {Talk} talk */
async function begun(talk) {
  const body = {
    time_zone: talk.timeZone, recorded_at: new Date(talk.recordedAt).toISOString(), group_id: talk.groupId, speakers_hint: talk.hint,
    consent: { text_version: talk.consent, agreed_at: new Date(talk.agreedAt).toISOString() },
  };
  const answer = await ask(`/v1/sessions/${talk.id}`, { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal: AbortSignal.timeout(patienceMs(0)) });
  const { upload_token: token } = await bodyOf(answer);
  await store.change(talk.id, () => ({ uploadToken: token }));
  return token;
}

/** The change with which a refused start is tried again; null when none is left. @param {Talk} talk @param {number} status @returns {Partial<Talk> | null} */
function otherwise(talk, status) {
  // The group is gone, or its owner has sent this person away: the talk is theirs alone then.
  if (status === 404 && talk.groupId) return { groupId: null };
  const timeZone = zoneByOffset(talk.recordedAt);
  // A browser may know a zone, or say a word for none, of which the write side has not heard.
  return status === 422 && talk.timeZone !== timeZone ? { timeZone } : null;
}

/** @param {Chunk} chunk @param {string} token */
async function put(chunk, token) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (chunk.content)));
  const headers = {
    Authorization: `Bearer ${token}`, "Content-Type": chunk.type, "Content-Digest": `sha-256=:${btoa(String.fromCharCode(...digest))}:`,
    "Lah-Start-Ms": String(chunk.startMs), "Lah-Duration-Ms": String(chunk.durationMs),
  };
  const receipt = await bodyOf(await reach(`/v1/sessions/${chunk.talk}/chunks/${chunk.seq}`, { method: "PUT", headers, body: /** @type {BodyInit} */ (chunk.content) }, chunk.content.length));
  const hexadecimal = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (receipt.sha256 !== hexadecimal) throw new Failure(`the receipt of part ${chunk.seq} names other bytes`, 422);
}

/** Says that the talk is over. False while that has to be said once more, with a new token. @param {string} id */
async function isComplete(id) {
  const may = await allowed(id);
  if (!may || may.talk.isTold) return true;
  const headers = { Authorization: `Bearer ${may.token}`, "Content-Type": "application/json" };
  try {
    await reach(`/v1/sessions/${id}/complete`, { method: "POST", headers, body: JSON.stringify({ chunks: may.talk.chunks }) });
  } catch (problem) {
    const failure = failureOf(problem);
    const found = meaning(failure);
    // The write side takes a talk for over by itself, after a while without a file.
    if (found !== "refused") {
      await renewed(id, found, failure, may.isNew);
      return false;
    }
  }
  await store.change(id, () => ({ isTold: true, trouble: null }));
  return true;
}

/**
 * With the talk's own token and not the person's: it outlives a sign-out, and opens this one talk only.
 * @param {string} address @param {RequestInit} options @param {number} bytes of its body
 */
async function reach(address, options, bytes = 0) {
  const answer = await fetch(address, { ...options, credentials: "omit", signal: AbortSignal.timeout(patienceMs(bytes)) }).catch(() => {
    throw offline(); // an answer that comes too late is none
  });
  if (answer.ok) return answer;
  throw await failureIn(answer);
}

/** Of an error: whether the other side failed. Throws any other, a disk's for instance. @param {unknown} problem @returns {Failure} */
function failureOf(problem) {
  if (problem instanceof Failure) return problem;
  throw problem;
}
