// Where on a talk's timeline something is. Pure.

const SECOND_MS = 1000;
export const LONGEST_MS = 12 * 3600 * SECOND_MS;
// A session's timeline, and
export const MOST_FILES = 5000;
// its files: as the write side takes them (schemas/limits.py).
export const RESUMED_WITHIN_MS = 600 * SECOND_MS;
// The write side takes a session for over after this long without a file (LAHSTATS_IDLE_MS).
const ASLEEP_MS = 3 * SECOND_MS;

/** @typedef {import("./store.js").Gap} Gap */
/** @typedef {import("./store.js").Talk} Talk */

/**
 * Where a recording goes on: as late as the clock says, and never before what is there. A clock that was put back changes nothing.
 * @param {Talk} talk
 * @param {number} now Unix ms
 */
export function resumedAtMs(talk, now) {
  return Math.max(talk.endMs, now - talk.recordedAt);
}

/**
 * Whether a microphone was silent for a while that nobody recorded: the phone slept, and its samples go on as if it had not.
 * @param {number} passedMs since the microphone was opened
 * @param {number} heardMs of it
 */
export const wasAsleep = (passedMs, heardMs) => passedMs - heardMs > ASLEEP_MS;

/**
 * Whether a recording that nobody stopped goes on when its page is opened again.
 * @param {Talk} talk
 * @param {number} now Unix ms
 */
export function goesOn(talk, now) {
  return (talk.state === "recording" || talk.state === "paused") && now - talk.aliveAt < RESUMED_WITHIN_MS && !isFull(talk, now);
}

/** @param {Talk} talk @param {number} now */
export function isFull(talk, now) {
  return resumedAtMs(talk, now) > LONGEST_MS - 60 * SECOND_MS || talk.chunks >= MOST_FILES - 10;
}

/**
 * The gaps with one more that is open, or with the open one closed.
 * @param {Gap[]} gaps @param {string} kind @param {number} startMs @returns {Gap[]}
 */
export function opened(gaps, kind, startMs) {
  return gaps.some((one) => one.endMs === null) ? gaps : [...gaps, { kind, startMs, endMs: null }];
}

/** @param {Gap[]} gaps @param {number} endMs @returns {Gap[]} */
export function closed(gaps, endMs) {
  return gaps.map((one) => (one.endMs === null ? { ...one, endMs } : one));
}
