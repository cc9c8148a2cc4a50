// Recordings that this browser holds. Audio is here before it is sent, and goes on a receipt alone.
//
// Where the disk is full, this page's memory holds what could not be written, and writes it as soon as it can.
import { answer, first, transaction } from "./database.js";

// Of a talk that is sent, without its audio: its page tells why nothing was recorded for a while.
const KEPT_MS = 30 * 86_400_000;

/** The status of a trouble that is none of an answer: it is in this browser. */
export const HERE = -1;

/** @typedef {import("./cutting.js").Cut} Cut */
/** @typedef {"recording" | "paused" | "stopped" | "done"} State */
/** @typedef {{kind: string, startMs: number, endMs: number | null}} Gap */
/**
 * `endMs` is the end of what is kept, `heldMs` and `restMs` how much audio that is, `safeMs` how much of it has receipts.
 * `isTold`: the gateway knows that it is over. `refusal`: why parts of it will never be taken. `notTaken`: why all of it is not.
 * @typedef {{id: string, owner: string, state: State, recordedAt: number, agreedAt: number, consent: string, timeZone: string,
 *   groupId: string | null, hint: number | null, chunks: number, endMs: number, heldMs: number, restMs: number, safeMs: number, aliveAt: number,
 *   gaps: Gap[], uploadToken: string | null, isTold: boolean, refusal: string, notTaken: string, trouble: {status: number, detail: string} | null}} Talk
 */
/** @typedef {{talk: string, seq: number, startMs: number, durationMs: number, type: string, content: Uint8Array, refused: string | null}} Chunk */

/** @type {Map<string, Talk>} talks as they are, where the disk has an older state */
const unwrittenTalks = new Map();
/** @type {Chunk[]} */
let unwrittenChunks = [];
/** @type {Chunk[]} sent, and still on a disk that takes no change */
let undeleted = [];
/** @type {Set<string>} talks whose rest on such a disk is in a file that memory has */
const overtaken = new Set();

/** @param {Chunk} one @param {Chunk} other */
const isSame = (one, other) => one.talk === other.talk && one.seq === other.seq;

/** @param {string} talk */
const ofTalk = (talk) => IDBKeyRange.bound([talk, 0], [talk, Infinity]);

/** Milliseconds of whole files that only this page's memory has. 0 while the disk takes what it is given. */
export const unwrittenMs = () => unwrittenChunks.reduce((sum, one) => sum + one.durationMs, 0);

/** @param {string} owner @returns {Promise<Talk[]>} the oldest first */
export async function talks(owner) {
  /** @type {Talk[]} */
  const all = await transaction(["talks"], "readonly", ({ talks }) => answer(talks.getAll()));
  const now = all.map((one) => unwrittenTalks.get(one.id) || one);
  return now.filter((one) => one.owner === owner).sort((one, other) => one.recordedAt - other.recordedAt);
}

/** @param {string} id @returns {Promise<Talk | undefined>} */
export function talk(id) {
  return transaction(["talks"], "readonly", ({ talks }) => current(talks, id));
}

/** @param {IDBObjectStore} talks @param {string} id */
const current = async (talks, id) => unwrittenTalks.get(id) || answer(talks.get(id));

/** @param {Talk} begun */
export function begin(begun) {
  return transaction(["talks"], "readwrite", ({ talks }) => answer(talks.put(begun)));
}

/**
 * Change a talk and, in the same transaction, its audio. Nothing happens to a talk that is gone.
 * Returns false when the disk takes nothing, because it is full for instance: memory has it then.
 * @param {string} id
 * @param {(talk: Talk) => Partial<Talk>} next
 * @param {(stores: Record<string, IDBObjectStore>) => void} work
 */
async function changed(id, next, work = () => {}) {
  /** @type {Talk | undefined} */
  let now;
  /** @type {Chunk[]} */
  let late = [];
  try {
    await transaction(["talks", "chunks", "rests"], "readwrite", async (stores) => {
      const found = await current(stores.talks, id);
      if (!found) return;
      now = { ...found, ...next(found) };
      late = [...unwrittenChunks];
      undeleted.forEach((one) => stores.chunks.delete([one.talk, one.seq]));
      overtaken.forEach((one) => stores.rests.delete(one));
      late.forEach((one) => stores.chunks.put(one));
      work(stores);
      await answer(stores.talks.put(now));
    });
  } catch (problem) {
    if (!now) throw problem;
    unwrittenTalks.set(id, now);
    return false;
  }
  unwrittenTalks.delete(id);
  unwrittenChunks = unwrittenChunks.filter((one) => !late.includes(one));
  undeleted = [];
  overtaken.clear();
  return true;
}

/** @param {string} id @param {(talk: Talk) => Partial<Talk>} next */
export const change = (id, next) => changed(id, next);

/**
 * Keep whole files, which get the next numbers, and the rest that is no whole file yet. The former rest gives way.
 * @param {string} id
 * @param {Cut[]} cuts on the talk's timeline
 * @param {Cut | null} rest
 */
export async function keep(id, cuts, rest) {
  /** @type {Chunk[]} */
  let made = [];
  const next = (/** @type {Talk} */ found) => {
    made = cuts.map((cut, index) => ({ ...cut, talk: id, seq: found.chunks + index, refused: null }));
    const endMs = [...cuts, ...(rest ? [rest] : [])].reduce((end, one) => Math.max(end, one.startMs + one.durationMs), found.endMs);
    const heldMs = found.heldMs + cuts.reduce((sum, one) => sum + one.durationMs, 0);
    return { chunks: found.chunks + cuts.length, endMs, heldMs, restMs: rest ? rest.durationMs : 0, aliveAt: Date.now() };
  };
  const isWritten = await changed(id, next, ({ chunks, rests }) => {
    made.forEach((one) => chunks.put(one));
    if (rest) rests.put({ ...rest, talk: id });
    else rests.delete(id);
  });
  if (isWritten) return true;
  unwrittenChunks.push(...made);
  if (made.length) overtaken.add(id);
  return false;
}

/**
 * The rest of a recording whose page was closed or died becomes a file.
 * @param {string} id
 */
export async function keepRest(id) {
  const rest = await transaction(["rests"], "readonly", ({ rests }) => answer(rests.get(id)));
  if (rest && !overtaken.has(id)) await keep(id, [{ startMs: rest.startMs, durationMs: rest.durationMs, type: rest.type, content: rest.content }], null);
}

/** @param {Chunk} one */
const isDeleted = (one) => undeleted.some((gone) => isSame(gone, one));

/**
 * The next file to send; undefined when nothing waits, or only what was refused.
 * @param {string} id
 * @returns {Promise<Chunk | undefined>}
 */
export async function nextWaiting(id) {
  const isNext = (/** @type {Chunk} */ one) => one.refused === null && !isDeleted(one);
  const written = await transaction(["chunks"], "readonly", ({ chunks }) => first(chunks, ofTalk(id), isNext));
  return written || unwrittenChunks.find((one) => one.talk === id);
}

/**
 * How many files of a talk are here, refused ones too.
 * @param {string} id
 */
export async function count(id) {
  const written = await transaction(["chunks"], "readonly", ({ chunks }) => answer(chunks.count(ofTalk(id))));
  const isOf = (/** @type {Chunk} */ one) => one.talk === id;
  return written - undeleted.filter(isOf).length + unwrittenChunks.filter(isOf).length;
}

/** @param {Chunk} chunk whose receipt is here: it goes */
export function received(chunk) {
  return without(chunk, (found) => ({ safeMs: found.safeMs + chunk.durationMs, trouble: null }));
}

/** @param {Chunk} chunk whose number was taken: it gets the next one */
export function renumber(chunk) {
  const again = { ...chunk };
  return without(chunk, (found) => {
    again.seq = found.chunks;
    return { chunks: found.chunks + 1 };
  }, again);
}

/** @param {Chunk} chunk @param {(talk: Talk) => Partial<Talk>} next @param {Chunk | null} instead */
async function without(chunk, next, instead = null) {
  const held = unwrittenChunks.filter((one) => isSame(one, chunk));
  unwrittenChunks = unwrittenChunks.filter((one) => !isSame(one, chunk));
  const isWritten = await changed(chunk.talk, next, ({ chunks }) => {
    chunks.delete([chunk.talk, chunk.seq]);
    if (instead) chunks.put(instead);
  }).catch((problem) => {
    unwrittenChunks.push(...held); // nothing happened: memory alone may have it
    throw problem;
  });
  if (isWritten) return;
  undeleted.push(chunk);
  if (instead) unwrittenChunks.push(instead);
}

/**
 * The gateway will never take it: it stays here, with the reason.
 * @param {Chunk} chunk
 * @param {string} reason
 */
export function refused(chunk, reason) {
  return changed(chunk.talk, () => ({ refusal: reason }), ({ chunks }) => chunks.put({ ...chunk, refused: reason }));
}

/**
 * A refused talk or chunk may be tried once more: a new version may take it.
 * @param {string} id
 */
export async function forgive(id) {
  await change(id, () => ({ notTaken: "", trouble: null }));
  const isRefused = (/** @type {Chunk} */ one) => one.refused !== null;
  const next = () => transaction(["chunks"], "readonly", ({ chunks }) => first(chunks, ofTalk(id), isRefused));
  for (let one = await next(); one; one = await next()) {
    const again = { ...one, refused: null };
    if (!(await changed(id, () => ({ refusal: "" }), ({ chunks }) => chunks.put(again)))) return;
  }
}

/** @param {string} id */
export async function forget(id) {
  unwrittenTalks.delete(id);
  unwrittenChunks = unwrittenChunks.filter((one) => one.talk !== id);
  await transaction(["talks", "chunks", "rests"], "readwrite", ({ talks, chunks, rests }) => {
    chunks.delete(ofTalk(id));
    rests.delete(id);
    return answer(talks.delete(id));
  });
}

/** Forgets talks that have been with the gateway for long. */
export async function forgetOld() {
  /** @type {Talk[]} */
  const all = await transaction(["talks"], "readonly", ({ talks }) => answer(talks.getAll()));
  const old = all.filter((one) => one.state === "done" && Date.now() - one.aliveAt > KEPT_MS);
  for (const one of old) await forget(one.id);
}

/** Keeps what a page without a network has to know: who is signed in, for instance. @param {string} name @param {unknown} value */
export function note(name, value) {
  return transaction(["facts"], "readwrite", ({ facts }) => answer(facts.put(value, name)));
}

/** @param {string} name */
export function noted(name) {
  return transaction(["facts"], "readonly", ({ facts }) => answer(facts.get(name)));
}
