// A group's story: what its people said in its talks.
import { show } from "/wrapped/deck.js";
import { bars, element, fill, list, number } from "/wrapped/dom.js";
import { change, cover, warming } from "/wrapped/periods.js";
import { LAST_TALKS, talks } from "/wrapped/places.js";

const who = (row) => row.display_name || row.user_id;

function totals(card, texts) {
  const facts = [
    fill(texts.people, { people: number(card.people), sessions: number(card.sessions), days: number(card.days) }),
    fill(texts.words, { words: number(card.words_spoken) }),
    ...change(card, texts),
  ];
  return [element("p", { class: "big" }, [number(card.counts)]), element("p", {}, [texts.times]), list("facts", facts)];
}

function board(rows) {
  return element("ol", { class: "board" }, rows.map((row) => element("li", {}, [
    element("span", { class: "rank" }, [String(row.rank)]), who(row), element("span", { class: "number" }, [number(row.counts)]),
  ])));
}

function knownFor(rows) {
  return element("ul", { class: "facts" }, rows.map((row) => element("li", {}, [element("strong", {}, [row.word]), ` · ${who(row)}`])));
}

function slides(wrapped, texts) {
  const { cards, how } = wrapped;
  const found = [
    ["totals", totals(cards.totals, texts.totals)],
    ["top_words", cards.top_words.length ? [bars(cards.top_words)] : null],
    ["board", cards.board.length ? [board(cards.board)] : null],
    ["known_for", cards.known_for.length ? [knownFor(cards.known_for)] : null],
  ];
  return found.filter(([, body]) => body).map(([name, body]) => ({ title: texts[name].title, how: how[name], body }));
}

export async function groupStory(api, group, period, texts) {
  const wrapped = await api.read(`/v1/groups/${encodeURIComponent(group)}/wrapped?period=${encodeURIComponent(period)}`);
  const { sessions } = await api.read(`/v1/sessions?limit=${LAST_TALKS}&group_id=${encodeURIComponent(group)}`);
  const elsewhere = sessions.length ? [{ title: texts.places.talks, how: null, body: [talks(sessions, texts.places)] }] : [];
  const told = wrapped.state === "ready" ? slides(wrapped, texts.group) : [warming(texts.group.warming, wrapped, texts)];
  show(wrapped.name, [cover(wrapped.name, "big small", wrapped, period, texts), ...told, ...elsewhere], texts);
}
