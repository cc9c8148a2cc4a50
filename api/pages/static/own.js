// The visitor's own story, from the cards as the api answers them. A slide without data is left out, never made up.
import { show } from "/wrapped/deck.js";
import { bars, element, fill, list, number } from "/wrapped/dom.js";
import { change, cover, warming } from "/wrapped/periods.js";
import { places } from "/wrapped/places.js";
import { sharing } from "/wrapped/sharing.js";

function week(found, texts) {
  const most = Math.max(1, ...found.flat());
  const rows = found.map((hours, day) => element("tr", {}, [
    element("th", { scope: "row" }, [texts.weekdays[day].slice(0, 3)]),
    ...hours.map((count) => element("td", { class: count ? `l${Math.ceil((4 * count) / most)}` : "l0" }, [element("span", { class: "unseen" }, [number(count)])])),
  ]));
  return element("table", { class: "week" }, [element("caption", { class: "unseen" }, [texts.table]), element("colgroup", {}, [element("col", { class: "day" }), element("col", { span: "24" })]), element("tbody", {}, rows)]);
}

function totals(card, texts) {
  const words = card.rate_per_1000 === null ? texts.few : texts.words;
  const facts = [
    fill(words, { words: number(card.words), rate: card.rate_per_1000 }),
    fill(texts.talks, { sessions: number(card.sessions), days: number(card.active_days), hours: (card.talk_s / 3600).toFixed(1) }),
    ...change(card, texts),
  ];
  return [element("p", { class: "big" }, [number(card.counts)]), element("p", {}, [texts.times]), list("facts", facts)];
}

function moments(cards, texts) {
  const facts = [];
  if (cards.moments.first) facts.push(fill(texts.first, cards.moments.first));
  if (cards.moments.peak) facts.push(fill(texts.peak, cards.moments.peak));
  if (cards.moments.combo && cards.moments.combo.counts > 1) facts.push(fill(texts.combo, cards.moments.combo));
  if (cards.streak.days > 1) facts.push(fill(texts.streak, cards.streak));
  if (cards.sessions.longest) facts.push(fill(texts.longest, cards.sessions.longest));
  return facts.length ? [list("facts", facts)] : null;
}

function clock(card, texts) {
  if (card.busiest_hour === null) return null;
  const hour = `${String(card.busiest_hour).padStart(2, "0")}:00`;
  return [element("p", {}, [fill(texts.text, { weekday: texts.weekdays[card.busiest_weekday], hour })]), week(card.week, texts)];
}

// Name of the card, then what to show of it (null: nothing).
function slides(wrapped, texts) {
  const { cards } = wrapped;
  const found = [
    ["totals", totals(cards.totals, texts.totals)],
    ["top_words", cards.top_words.top.length ? [bars(cards.top_words.top)] : null],
    ["personality", cards.personality && [element("p", { class: "big small" }, [cards.personality.name]), element("p", {}, [fill(texts.personality.text, cards.personality)])]],
    ["signature", cards.signature && [element("p", { class: "big" }, [cards.signature.word]), element("p", {}, [fill(texts.signature.text, cards.signature)])]],
    ["clock", clock(cards.clock, texts.clock)],
    ["moments", moments(cards, texts.moments)],
    ["percentile", cards.percentile && [element("p", { class: "big" }, [`${cards.percentile.percentile}${texts.percentile.unit}`]), element("p", {}, [fill(texts.percentile.text, { people: number(cards.percentile.people) })])]],
    ["company", cards.company.length ? [list("facts", cards.company.map((one) => `<strong>${one.name}</strong> · ${fill(texts.company.talks, one)}`))] : null],
    ["badges", cards.badges.length ? [list("facts", cards.badges.map((badge) => fill(texts.badges.on, badge)))] : null],
  ];
  return found.filter(([, body]) => body).map(([name, body]) => ({ title: texts[name].title, how: wrapped.how[name], body }));
}

export async function ownStory(api, period, texts) {
  const wrapped = await api.read(`/v1/users/me/wrapped?period=${encodeURIComponent(period)}`);
  const elsewhere = await places(api, period, texts.places);
  const told = wrapped.state === "ready" ? [...slides(wrapped, texts), ...elsewhere, await sharing(api, wrapped, texts.share)] : [warming(texts.warming.text, wrapped, texts), ...elsewhere];
  show(texts.cover.title, [cover(texts.cover.title, "big", wrapped, period, texts), ...told], texts);
}
