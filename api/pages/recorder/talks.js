// A talk begins, is taken up again after its page went away, and ends. No microphone is needed for that.
import { ownZone } from "/site/zones.js";
import * as store from "./store.js";
import { opened } from "./timeline.js";

/** @typedef {import("./store.js").Talk} Talk */

/**
 * Ends a talk that is not recorded any more.
 * @param {string} id
 */
export async function end(id) {
  await store.keepRest(id);
  await store.change(id, (talk) => ({ state: "stopped", gaps: talk.gaps.filter((one) => one.endMs !== null) }));
}

/**
 * Takes up a talk whose page was closed, or died: what it kept last becomes a file, and the time since then a gap.
 * @param {string} id
 */
export async function takeUp(id) {
  const before = await store.talk(id);
  await store.keepRest(id);
  // It lived until then: nothing is recorded yet.
  const aliveAt = before ? before.aliveAt : Date.now();
  await store.change(id, (talk) => ({ aliveAt, notTaken: "", gaps: opened(talk.gaps, "closed", talk.endMs) }));
}

/**
 * A new talk of this person, on the disk. `timeZone`: as they chose it, else the browser's.
 * @param {{owner: string, groupId: string | null, hint: number | null, consent: string, timeZone?: string}} choices
 * @returns {Promise<Talk>}
 */
export async function begin(choices) {
  const now = Date.now();
  const talk = {
    ...choices, id: newId(now), state: /** @type {"recording"} */ ("recording"), recordedAt: now, agreedAt: now,
    timeZone: choices.timeZone || ownZone(), chunks: 0, endMs: 0, heldMs: 0, restMs: 0, safeMs: 0,
    aliveAt: now, gaps: [], uploadToken: null, isTold: false, refusal: "", notTaken: "", trouble: null,
  };
  await store.begin(talk);
  return talk;
}

/** A UUID of version 7 (RFC 9562): ids of talks sort by time. @param {number} now */
export function newId(now) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(now / 2 ** 32));
  view.setUint32(2, now % 2 ** 32);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}
