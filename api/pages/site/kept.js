// Facts that this browser keeps for the pages between visits, in localStorage. One that keeps nothing throws when it is asked
// (cookies are blocked, say): its pages are drawn all the same, as at a first visit.

/** @param {string} name @returns {string | null} */
export function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value */
export function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // It is asked for again.
  }
}

/** @param {string[]} names */
export function forget(...names) {
  try {
    names.forEach((name) => localStorage.removeItem(name));
  } catch {
    // There is nothing.
  }
}
