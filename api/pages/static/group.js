// A group's story: what its people said in its talks.
import { show } from "/wrapped/deck.js";
import { bars, element, fill, isolated, list, number } from "/wrapped/dom.js";
import { byName, guessing } from "/wrapped/guess.js";
import { inviting } from "/wrapped/inviting.js";
import { membership } from "/wrapped/membership.js";
import { change, cover, named, warming } from "/wrapped/periods.js";
import { elsewhere, talks, times } from "/wrapped/places.js";
import { ofGroup } from "/wrapped/reads.js";

/** @typedef {import("lahstats/api").components["schemas"]} Schemas */

const who = (row) => row.display_name || row.user_id;

/** @param {Schemas["GroupWrapped"]} wrapped */
function totals({ cards: { totals: card }, to }, texts) {
  const facts = [
    fill(texts.people, { people: number(card.people), sessions: number(card.sessions), days: number(card.days) }),
    fill(texts.words, { words: number(card.words_spoken) }),
    ...change(card, to, texts),
  ];
  return [element("p", { class: "big" }, [number(card.counts)]), element("p", {}, [texts.times]), list("facts", facts)];
}

/** @param {Schemas["MemberPlace"][]} rows */
function board(rows) {
  return element("ol", { class: "board" }, rows.map((row) => element("li", {}, [
    element("span", { class: "rank" }, [String(row.rank)]), who(row), element("span", { class: "number" }, [number(row.counts)]),
  ])));
}

/** @param {Schemas["KnownFor"][]} rows */
function knownFor(rows) {
  return element("ul", { class: "facts" }, rows.map((row) => element("li", {}, [element("strong", {}, [row.word]), ` · ${isolated(who(row))}`])));
}

/** @param {Schemas["Award"][]} given */
function awards(given, texts) {
  return element("ul", { class: "facts" }, given.map((one) => {
    const { title, rule, reason } = texts[one.award];
    const why = fill(reason, { n: number(one.number), word: one.word });
    return element("li", {}, [element("strong", {}, [title]), `: ${isolated(who(one))}, ${why}`, element("small", {}, [rule])]);
  }));
}

/** @param {Schemas["GroupWrapped"]} wrapped */
function guesses(wrapped, texts) {
  return wrapped.cards.guesses.map((guess) => {
    const [best] = guess.people;
    const options = byName(guess.people.map((one) => [one.user_id, who(one)]));
    const told = (id) => ({ right: best.user_id, text: fill(id === best.user_id ? texts.right : texts.wrong, { name: who(best), n: number(best.count) }) });
    return guessing(texts.title, fill(texts.ask, guess), options, told);
  });
}

/** @param {Schemas["GroupWrapped"]} wrapped */
function slides(wrapped, texts) {
  const { cards, how } = wrapped;
  const found = [
    ["totals", totals(wrapped, texts.totals)],
    ["top_words", cards.top_words.length ? [bars(cards.top_words)] : null],
    ["board", cards.board.length ? [board(cards.board)] : null],
    ["known_for", cards.known_for.length ? [knownFor(cards.known_for)] : null],
    ["awards", cards.awards.length ? [awards(cards.awards, texts.awards)] : null],
  ];
  const told = named(found, texts, how);
  return [told[0], ...guesses(wrapped, texts.guess), ...told.slice(1)];
}

export async function groupStory(api, me, group, period, texts) {
  const from = ofGroup(group, period);
  /** @type {[Schemas["GroupWrapped"], Schemas["SessionList"], Schemas["Trend"], {isOwner: boolean, slide: object}]} */
  const [wrapped, last, { trend }, { isOwner, slide }] = await Promise.all([
    api.read(from.wrapped),
    api.read(from.talks),
    api.read(from.said),
    membership(api, me, group, from, texts.group.members),
  ]);
  const way = (asked) => `/wrapped?group=${encodeURIComponent(group)}&period=${encodeURIComponent(asked)}`;
  const other = elsewhere([...times(period, trend, way, texts.places), [texts.places.talks, talks(api, from.talks, last, texts.places)]], texts.places);
  const told = wrapped.state === "ready" ? slides(wrapped, texts.group) : [warming(texts.group.warming, wrapped, texts)];
  const invite = isOwner ? [inviting(api, group, texts.group.invite)] : [];
  show(wrapped.name, [cover(wrapped.name, "big small", wrapped, period, texts), ...told, ...other, slide, ...invite], texts);
}
