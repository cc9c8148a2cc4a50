// Duties of a page to a recording that runs: the screen stays on, leaving asks, and one page of a browser records.

const LOCK = "lah-recorder";

/**
 * The right to record in this browser, or null while another page has it. Returns what gives it back.
 * @returns {Promise<(() => void) | null>}
 */
export function takeTurn() {
  return new Promise((done, fail) => {
    const held = navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
      if (!lock) return done(null);
      return new Promise((release) => done(() => release(undefined)));
    });
    held.catch(fail);
  });
}

/** Whether another page of this browser records. */
export async function isTaken() {
  const { held = [] } = await navigator.locks.query();
  return held.some((lock) => lock.name === LOCK);
}

/** Until no page of this browser records. */
export const untilFree = () => navigator.locks.request(LOCK, { mode: "shared" }, () => {});

/**
 * Returns what ends it. A browser without wake locks, or a phone that saves its battery, turns its screen off as ever: it is told.
 * @param {(isSleepy: boolean) => void} tell whether the screen may go off by itself
 */
export function keepAwake(tell) {
  let isOver = false;
  /** @type {WakeLockSentinel | null} */
  let held = null;
  const ask = async () => {
    if (isOver || document.visibilityState !== "visible") return;
    held = "wakeLock" in navigator ? await navigator.wakeLock.request("screen").catch(() => null) : null;
    if (isOver) held?.release();
    else tell(held === null);
  };
  document.addEventListener("visibilitychange", ask);
  ask();
  return () => {
    isOver = true;
    document.removeEventListener("visibilitychange", ask);
    held?.release();
  };
}

/** Asks that the browser does not throw away what it holds when a phone has little room. It may refuse. */
export function keepData() {
  navigator.storage?.persist?.().catch(() => {});
}

/**
 * Does `work` now, and again and again: once at a time, and once more where it failed. Returns what ends it.
 * @param {number} ms @param {() => Promise<unknown>} work
 */
export function every(ms, work) {
  let isBusy = false;
  const turn = async () => {
    if (isBusy) return;
    isBusy = true;
    await work().catch(() => {});
    isBusy = false;
  };
  const timer = setInterval(turn, ms);
  turn();
  return () => clearInterval(timer);
}

/** Leaving the page asks. Returns what ends that. */
export function askBeforeLeaving() {
  const ask = (/** @type {Event} */ event) => event.preventDefault();
  window.addEventListener("beforeunload", ask);
  return () => window.removeEventListener("beforeunload", ask);
}
