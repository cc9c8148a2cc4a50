// A list that goes on: the lines before those that are shown, a page of the list at each tap.
import { button, element, trying } from "/wrapped/dom.js";

/** @typedef {{items: HTMLElement[], next: string | null}} Before */

/** @param {string} path of a list, with parameters @param {string} next */
export const goingOn = (path, next) => `${path}&cursor=${encodeURIComponent(next)}`;

/**
 * @param {string | null} next where the list goes on; null at its end
 * @param {(next: string) => Promise<Before>} page
 * @param {string} text
 * @param {string} kind of list
 */
export function earlier(next, page, text, kind = "list") {
  if (!next) return [];
  const found = element("ul", { class: kind });
  const told = element("p", { class: "said bad", role: "status" });
  const more = button("quiet", text, trying(told, { failed: "{detail}" }, async () => {
    const before = await page(/** @type {string} */ (next));
    found.append(...before.items);
    next = before.next;
    more.hidden = !next;
    told.textContent = "";
  }));
  return [found, element("p", {}, [more]), told];
}
