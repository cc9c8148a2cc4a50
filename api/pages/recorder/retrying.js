// When a file is sent again. Pure.
import { passes } from "/site/session.js";

const LONGEST_MS = 60_000;
const FIRST_MS = 1000;

const ANSWER_MS = 30_000;
const SLOWEST = 2;

/**
 * Milliseconds after which nobody waits for an answer any more. The write side takes bodies as slow as 2 KiB a second
 * (schemas/limits.py): who gives up earlier never gets the samples of ten seconds through a slow network.
 * @param {number} bytes of the body
 */
export const patienceMs = (bytes) => ANSWER_MS + bytes / SLOWEST;

/** @typedef {"again" | "token" | "erased" | "taken" | "refused"} Verdict */

/**
 * The meaning of an answer that is no receipt. No answer at all has status 0.
 * @param {number} status
 * @param {boolean} retryable the answer's own word
 * @returns {Verdict}
 */
export function verdict(status, retryable) {
  if (status === 401) return "token";
  if (status === 410) return "erased";
  if (status === 409) return "taken";
  if (passes(status) || retryable) return "again";
  return "refused";
}

/**
 * Milliseconds before another try: a random part of 1, 2, 4 … 60 s, and never less than the server asks for.
 * @param {number} tries that failed
 * @param {number} leastMs
 */
export function pauseMs(tries, leastMs, random = Math.random()) {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** (tries - 1));
  return Math.max(leastMs, random * most);
}
