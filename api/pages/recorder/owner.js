// The owner of what is recorded here: who is signed in, or who was, where nobody answers.
import { later } from "/site/seen.js";
import { Failure, lastSignedIn, passes, whoAmI } from "/site/session.js";
import * as store from "./store.js";

const PATIENCE_MS = 3000;

/** A page that can be drawn without an answer waits for it until then. */
export const soon = later(PATIENCE_MS);

/** @typedef {{user_id: string, time_zone: string, groups: {group_id: string, name: string}[]}} Me */

/** For a page that nobody answers. A full phone records all the same. @param {Me | null} me */
export const remember = (me) => store.note("me", me).catch(() => {});

/** The person who is signed in; where nobody answers soon, the one who was. @returns {Promise<Me | null>} */
export async function known() {
  const asked = whoAmI().then(async (me) => {
    await remember(me);
    return me;
  });
  asked.catch(() => {}); // it is told below
  const noted = await store.noted("me").catch(() => null);
  const before = noted && noted.user_id === lastSignedIn() ? noted : null;
  try {
    return await (before ? Promise.race([asked, soon.then(() => before)]) : asked);
  } catch (problem) {
    if (before && problem instanceof Failure && passes(problem.status)) return before;
    throw problem;
  }
}
