// The visitor's own story, from the cards as the api answers them. A slide without data is left out, never made up.
import { said } from "/site/texts.js";
import { show } from "/wrapped/deck.js";
import { bars, days, element, fill, hour, isolated, lasting, list, number } from "/wrapped/dom.js";
import { byName, guessing } from "/wrapped/guess.js";
import { change, cover, named, warming } from "/wrapped/periods.js";
import { places } from "/wrapped/places.js";
import { own } from "/wrapped/reads.js";
import { sharing } from "/wrapped/sharing.js";

/** @typedef {import("lahstats/api").components["schemas"]} Schemas */

const MOST_CHOICES = 4;

function week(found, texts) {
  const most = Math.max(1, ...found.flat());
  const rows = found.map((hours, day) => element("tr", {}, [
    element("th", { scope: "row" }, [texts.weekdays[day].slice(0, 3)]),
    ...hours.map((count) => element("td", { class: count ? `l${Math.ceil((4 * count) / most)}` : "l0" }, [element("span", { class: "unseen" }, [number(count)])])),
  ]));
  return element("table", { class: "week" }, [element("caption", { class: "unseen" }, [texts.table]), element("colgroup", {}, [element("col", { class: "day" }), element("col", { span: "24" })]), element("tbody", {}, rows)]);
}

/** In hours, and in minutes until there is one. @param {Schemas["Totals"]} card */
function talks(card, texts) {
  const said = { sessions: number(card.sessions), days: number(card.active_days) };
  if (card.talk_s < 3600) return fill(texts.short_talks, { ...said, minutes: number(Math.ceil(card.talk_s / 60)) });
  return fill(texts.talks, { ...said, hours: number(Math.round(card.talk_s / 360) / 10) });
}

/** @param {Schemas["Wrapped"]} wrapped */
function totals({ cards: { totals: card }, to }, texts) {
  const words = card.rate_per_1000 === null ? texts.few : texts.words;
  const facts = [
    fill(words, { words: number(card.words), rate: card.rate_per_1000 }),
    talks(card, texts),
    ...change(card, to, texts),
  ];
  return [element("p", { class: "big" }, [number(card.counts)]), element("p", {}, [texts.times]), list("facts", facts)];
}

/** @param {Schemas["Cards"]} cards */
function moments(cards, texts) {
  const facts = [];
  if (cards.moments.first) facts.push(fill(texts.moments.first, cards.moments.first));
  if (cards.moments.peak) facts.push(fill(texts.moments.peak, cards.moments.peak));
  if (cards.moments.combo && cards.moments.combo.counts > 1) facts.push(fill(texts.moments.combo, cards.moments.combo));
  if (cards.streak.days > 1) facts.push(fill(texts.moments.streak, cards.streak));
  if (cards.sessions.longest) facts.push(fill(texts.moments.longest, { length: lasting(60_000 * cards.sessions.longest.minutes, texts.places) }));
  return facts.length ? [list("facts", facts)] : null;
}

/** @param {Schemas["Clock"]} card */
function clock(card, texts) {
  if (card.busiest_hour === null || card.busiest_weekday === null) return null;
  return [element("p", {}, [fill(texts.text, { weekday: texts.weekdays[card.busiest_weekday], hour: hour(card.busiest_hour) })]), week(card.week, texts)];
}

// The visitor is one of the people of the card, and is ahead of others only.
/** @param {Schemas["Percentile"]} card */
export function percentile(card, texts) {
  return [element("p", { class: "big" }, [`${card.percentile}${texts.unit}`]), element("p", {}, [fill(texts.text, { people: number(card.people - 1) })])];
}

// The drawing of a personality has the personality's name.
const drawing = (name) => `/art/${name.replace(/^The /, "").toLowerCase().replaceAll(" ", "-")}.svg`;

/** @param {Schemas["Personality"]} card */
function personality(card, texts) {
  const art = element("img", { class: "art", src: drawing(card.name), alt: "", width: "400", height: "400" });
  return [art, element("p", { class: "big small" }, [said(card.name)]), element("p", {}, [fill(texts.text, card)])];
}

/** @param {Schemas["Badge"]} one */
function badge(one) {
  const when = one.earned ? [` · ${days(one.earned, one.earned)}`] : [];
  return element("span", {}, [element("strong", {}, [said(one.name)]), ...when, element("small", {}, [said(one.rule)])]);
}

// The visitor guesses before the words are shown. With one word there is nothing to guess.
/** @param {Schemas["TopWord"][]} top */
function guess(top, texts) {
  if (top.length < 2 || top[0].count === top[1].count) return [];
  const options = byName(top.slice(0, MOST_CHOICES).map((one) => [one.word, `${one.emoji} ${one.word}`.trim()]));
  const told = (word) => ({ right: top[0].word, text: fill(word === top[0].word ? texts.right : texts.wrong, { word: top[0].word, n: number(top[0].count) }) });
  return [guessing(texts.title, texts.ask, options, told)];
}

// Name of the card, then what to show of it (null: nothing).
/** @param {Schemas["Wrapped"]} wrapped */
function slides(wrapped, texts) {
  const { cards } = wrapped;
  const found = [
    ["totals", totals(wrapped, texts.totals)],
    ["top_words", cards.top_words.top.length ? [bars(cards.top_words.top)] : null],
    ["personality", cards.personality && personality(cards.personality, texts.personality)],
    ["signature", cards.signature && [element("p", { class: "big" }, [cards.signature.word]), element("p", {}, [fill(texts.signature.text, cards.signature)])]],
    ["clock", clock(cards.clock, texts.clock)],
    ["moments", moments(cards, texts)],
    ["percentile", cards.percentile && percentile(cards.percentile, texts.percentile)],
    ["company", cards.company.length ? [list("facts", cards.company.map((one) => `<strong>${isolated(one.name)}</strong> · ${fill(texts.company.talks, one)}`))] : null],
    ["badges", cards.badges.length ? [list("facts", cards.badges.map(badge))] : null],
  ];
  const told = named(found, texts, wrapped.how);
  return [told[0], ...guess(cards.top_words.top, texts.guess), ...told.slice(1)];
}

export async function ownStory(api, me, period, texts) {
  /** @type {[Schemas["Wrapped"], any[]]} */
  const [wrapped, elsewhere] = await Promise.all([api.read(own(period).wrapped), places(api, me, period, texts.places)]);
  const told = wrapped.state === "ready" ? [...slides(wrapped, texts), ...elsewhere, sharing(api, wrapped, texts.share)] : [warming(texts.warming.text, wrapped, texts), ...elsewhere];
  show(texts.cover.title, [cover(texts.cover.title, "big", wrapped, period, texts), ...told], texts);
}
