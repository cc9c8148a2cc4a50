// A write on one side can be read on the other one a little later: a page waits for that before it goes on.
import { passes, read } from "/site/session.js";

const EVERY_MS = 250;
const WITHIN_MS = 10_000;

export const later = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

/**
 * The first thing that `look` finds; a look that fails for now found nothing. Throws an Error that says `pending` when it finds nothing for long.
 * @template T
 * @param {() => Promise<T | null>} look
 * @param {string} pending
 */
export async function seen(look, pending) {
  for (let waited = 0; waited < WITHIN_MS; waited += EVERY_MS) {
    const found = await look().catch((problem) => {
      if (!passes(problem.status)) throw problem;
      return null;
    });
    if (found) return found;
    await later(EVERY_MS);
  }
  throw new Error(pending);
}

const EDGES = "\\s\\u00ad\\u034f\\u061c\\u180e\\u200b\\u200c\\u200d\\u200e\\u200f\\u2060\\ufeff";
const AT_EDGES = new RegExp(`^[${EDGES}]+|[${EDGES}]+$`, "g");

/** A name as the write side keeps it (schemas/names.py): who waits for what was sent waits for this. @param {string} name */
export const asKept = (name) => name.normalize("NFC").replace(AT_EDGES, "");

/**
 * Ends once `isThere` holds of what is read at `path`, or after a while all the same: the page that comes next says what is wrong then.
 * @param {string} path
 * @param {(told: any) => boolean} isThere
 */
export async function readable(path, isThere = () => true) {
  await seen(() => read(path).then(isThere, () => false), "").catch(() => {});
}
