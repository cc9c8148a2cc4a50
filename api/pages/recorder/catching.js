// Left by an earlier page of this browser: recordings that nobody ended, and files that wait.
import { isTaken } from "./duties.js";
import { send } from "./sending.js";
import * as store from "./store.js";
import { end } from "./talks.js";
import { goesOn } from "./timeline.js";

/** @param {import("./store.js").Talk} talk */
const isOpen = (talk) => talk.state === "recording" || talk.state === "paused";

/**
 * The recording that goes on: the latest, if its page went away just now. All others end.
 * @param {string} owner
 */
export async function unfinished(owner) {
  const open = (await store.talks(owner)).filter(isOpen);
  const latest = open.pop();
  for (const old of open) await end(old.id);
  if (!latest || (await isTaken()) || goesOn(latest, Date.now())) return latest;
  await end(latest.id);
  return undefined;
}

/**
 * Sends what waits. Any page of a signed-in person may do it; a page that records does it anyway.
 * @param {string} owner
 */
export async function catchUp(owner) {
  if (await isTaken()) return;
  await unfinished(owner);
  await send(owner, () => false);
}
