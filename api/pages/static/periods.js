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

// Against the period before: one fact, or none.
export function change(card, texts) {
  if (!card.change || !card.change.counts) return [];
  return [fill(card.change.counts > 0 ? texts.more : texts.fewer, { change: number(Math.abs(card.change.counts)) })];
}

/**
 * Slides of the cards that have something to show, each under the name of its card.
 * @param {any[][]} found name of a card, and its body or null
 */
export function named(found, texts, how) {
  return found.filter(([, body]) => body).map(([name, body]) => ({ title: texts[name].title, how: how[name], body }));
}
