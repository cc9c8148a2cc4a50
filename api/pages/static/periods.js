// What the stories of a period share, a person's and a group's.
import { element, fill, number } from "/wrapped/dom.js";

export function cover(title, size, wrapped, period, texts) {
  const when = texts.cover.periods[period] || wrapped.from.slice(0, 4);
  return { title, how: null, body: [element("p", { class: size }, [when]), element("p", {}, [fill(texts.cover.text, wrapped)])] };
}

export function warming(text, wrapped, texts) {
  return { title: texts.warming.title, how: null, body: [element("p", {}, [fill(text, { missing: wrapped.missing.counts })])] };
}

// Against the period before: one fact, or none.
export function change(card, texts) {
  if (!card.change || !card.change.counts) return [];
  return [fill(card.change.counts > 0 ? texts.more : texts.fewer, { change: number(Math.abs(card.change.counts)) })];
}
