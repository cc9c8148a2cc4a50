// Why nothing was recorded for a while: the phone that recorded a talk knows the names of its gaps.
import { texts } from "/site/texts.js";
import { fill } from "/wrapped/dom.js";
import { clock } from "./clock.js";
import { talk } from "./store.js";

const LEAST_MS = 1000;

/**
 * A sentence for each gap that is over, and long enough for somebody to miss something.
 * @param {import("./store.js").Gap[]} gaps @param {Record<string, string>} words
 */
export function named(gaps, words) {
  const over = gaps.filter((one) => one.endMs !== null && one.endMs - one.startMs >= LEAST_MS);
  return over.map((one) => fill(words[one.kind], { at: clock(one.startMs), for: clock(Number(one.endMs) - one.startMs) }));
}

/** The gaps of a talk, in words; none where another device recorded it. @param {string} id */
export async function gapsOf(id) {
  const kept = await talk(id);
  if (!kept || !kept.gaps.length) return [];
  return named(kept.gaps, (await texts()).record.gaps);
}
