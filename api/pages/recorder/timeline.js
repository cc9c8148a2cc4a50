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

/** @typedef {{steady: number, wall: number}} Clocks ms of the monotonic clock and of the one that people set */
export const clocks = () => ({ steady: performance.now(), wall: Date.now() });

/** Where a recording is while its page lives. */
export class Timeline {
  /** @param {number} atMs @param {Clocks} now */
  constructor(atMs, now) {
    this.atMs = atMs;
    this.now = now;
  }

  /**
   * Where it is now. While a microphone is heard the monotonic clock alone counts: people and networks set the other one.
   * Without a microphone a phone may sleep, and many a monotonic clock sleeps with it: the later of both counts.
   * @param {Clocks} now @param {boolean} isHeard since this was asked last
   */
  at(now, isHeard) {
    const steadyMs = now.steady - this.now.steady;
    this.atMs += isHeard ? steadyMs : Math.max(steadyMs, now.wall - this.now.wall);
    this.now = now;
    return this.atMs;
  }
}

/** Where a talk was when it lived last: at the end of what is there, or of a gap behind which nothing was heard yet. @param {Talk} talk */
const livedUntilMs = (talk) => Math.max(talk.endMs, ...talk.gaps.map((one) => one.endMs ?? 0));

/**
 * Where a recording goes on in a new page: as long after it lived last as the clock says, and never before. A clock that was
 * set while the former page lived changes nothing.
 * @param {Talk} talk
 * @param {number} now Unix ms
 */
export function resumedAtMs(talk, now) {
  return livedUntilMs(talk) + Math.max(0, now - talk.aliveAt);
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
  return (talk.state === "recording" || talk.state === "paused") && Math.abs(now - talk.aliveAt) < RESUMED_WITHIN_MS && !isFull(talk, resumedAtMs(talk, now));
}

/** @param {Talk} talk @param {number} atMs where its timeline is */
export function isFull(talk, atMs) {
  return atMs > LONGEST_MS - 60 * SECOND_MS || talk.chunks >= MOST_FILES - 10;
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
