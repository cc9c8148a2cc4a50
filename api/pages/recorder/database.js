// IndexedDB with promises: one base, transactions that are kept whole or not at all.

const NAME = "lah-recorder";

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

function database() {
  if (opened) return opened;
  const asking = new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("talks", { keyPath: "id" });
      asked.result.createObjectStore("chunks", { keyPath: ["talk", "seq"] });
      asked.result.createObjectStore("rests", { keyPath: "talk" });
      asked.result.createObjectStore("facts");
    };
    asked.onsuccess = () => {
      asked.result.onclose = forget;
      done(asked.result);
    };
    asked.onerror = () => fail(asked.error);
  });
  opened = asking;
  // A browser may refuse by an error at once, too: the next one asks anew.
  asking.catch(() => opened === asking && forget());
  return asking;
}

/** It is opened anew when it is needed again. */
function forget() {
  opened = null;
}

/**
 * Phones close the base of a page that was in the background.
 * @param {string[]} names
 * @param {IDBTransactionMode} mode
 */
async function started(names, mode) {
  const begin = async () => (await database()).transaction(names, mode, { durability: "strict" });
  try {
    return await begin();
  } catch (problem) {
    if (/** @type {Error} */ (problem).name !== "InvalidStateError") throw problem;
    forget();
    return begin();
  }
}

/**
 * One transaction: all of `work` is kept, or nothing. It is on the disk when this returns.
 * Throws QuotaExceededError when there is no room.
 * @template T
 * @param {string[]} names
 * @param {IDBTransactionMode} mode
 * @param {(stores: Record<string, IDBObjectStore>) => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function transaction(names, mode, work) {
  const running = await started(names, mode);
  const ended = new Promise((done, fail) => {
    running.oncomplete = () => done(undefined);
    running.onabort = () => fail(running.error || new DOMException("the browser gave it up", "AbortError"));
  });
  try {
    const result = await work(Object.fromEntries(names.map((name) => [name, running.objectStore(name)])));
    await ended;
    return result;
  } catch (problem) {
    ended.catch(() => {});
    abort(running);
    throw running.error || problem;
  }
}

/** @param {IDBTransaction} running one that has ended already stays as it is */
function abort(running) {
  try {
    running.abort();
  } catch (problem) {
    if (/** @type {Error} */ (problem).name !== "InvalidStateError") throw problem;
  }
}

/** @param {IDBRequest} asked @returns {Promise<any>} */
export function answer(asked) {
  return new Promise((done, fail) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

/**
 * The first value of a range that fits; undefined when there is none. Reads no other value.
 * @param {IDBObjectStore} store @param {IDBKeyRange} range @param {(value: any) => boolean} fits
 */
export function first(store, range, fits) {
  return new Promise((done, fail) => {
    const asked = store.openCursor(range);
    asked.onerror = () => fail(asked.error);
    asked.onsuccess = () => {
      const at = asked.result;
      if (!at || fits(at.value)) done(at ? at.value : undefined);
      else at.continue();
    };
  });
}
