// Parts that the stories of a period share, a person's and a group's.
import { days, element, fill, number } from "/wrapped/dom.js";

export function cover(title, size, wrapped, period, texts) {
  const span = days(wrapped.from, wrapped.to);
  const when = texts.cover.periods[period] || span;
  // The days of all time are the ends of a calendar: nobody said anything then.
  const which = period === "all" ? texts.places.periods.all : span;
  return { title, how: null, body: [element("p", { class: size }, [when]), element("p", {}, [fill(texts.cover.text, { days: which })])] };
}

export function warming(text, wrapped, texts) {
  return { title: texts.warming.title, how: null, body: [element("p", {}, [fill(text, { missing: wrapped.missing.counts })])] };
}

// The day of the reader, which ends at 04:00 (schemas/days.py).
const DAY_STARTS_MS = 4 * 3_600_000;
const now = () => new Date(Date.now() - DAY_STARTS_MS).toLocaleDateString("sv"); // Swedes write days as the api does

/**
 * Against the period before: one fact, or none. A period that is not over is shorter: that it has fewer says nothing.
 * @param {string} to its last day
 */
export function change(card, to, texts, today = now()) {
  if (!card.change || !card.change.counts || (card.change.counts < 0 && today <= to)) return [];
  return [fill(card.change.counts > 0 ? texts.more : texts.fewer, { change: number(Math.abs(card.change.counts)) })];
}

/**
 * Slides of the cards that have something to show, each under the name of its card.
 * @param {any[][]} found name of a card, and its body or null
 */
export function named(found, texts, how) {
  return found.filter(([, body]) => body).map(([name, body]) => ({ title: texts[name].title, how: how[name], body }));
}
