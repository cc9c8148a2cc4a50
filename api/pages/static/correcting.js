// Where two people were taken for one, or one for two: people say so, and the talk is put together again without being heard again.
import { button, choice, element, fill, row, working } from "/wrapped/dom.js";
import { nameOf } from "/wrapped/claiming.js";

const MOST_PEOPLE = 12;

// While somebody else has a voice, another number could join it with others, or part it: the fold rejects it.
function people(deck, texts, send) {
  if (deck.session.others_claimed) return [element("h3", {}, [texts.count]), element("p", {}, [texts.claimed])];
  const most = Math.max(MOST_PEOPLE, deck.told.table.speakers);
  const chosen = choice(texts.count, Array.from({ length: most }, (_, n) => [String(n + 1), String(n + 1)]), String(deck.told.table.speakers));
  return [element("h3", {}, [texts.count]), row(chosen, button("quiet", texts.recount, () => send("/hints", { speakers: Number(chosen.value) })))];
}

function one(voices, texts, send) {
  if (voices.length < 2) return [];
  const [kept, gone] = [choice(texts.kept, voices), choice(texts.gone, voices, voices[1][0])];
  const merge = button("quiet", texts.merge, () => kept.value !== gone.value && send("/speakers/merge", { target: kept.value, source: gone.value }));
  return [element("h3", {}, [texts.one]), row(kept, gone), row(merge)];
}

function two(voices, texts, send) {
  if (!voices.length) return [];
  const chosen = choice(texts.both, voices);
  return [element("h3", {}, [texts.two]), row(chosen, button("quiet", texts.split, () => send("/speakers/split", { speaker: chosen.value })))];
}

/** @typedef {import("lahstats/api").components["schemas"]["Correction"]} Correction */

/** @param {Correction} one */
const said = (one, texts) => fill(texts.said[one.kind], { speaker: one.speaker, other: one.other, speakers: one.speakers });

// The corrections that hold, the newest first. A later one may have to go before an earlier one: the fold says so.
function undoing(corrections, texts, send) {
  /** @type {Correction[]} */
  const holding = corrections.filter((/** @type {Correction} */ one) => !one.undone);
  if (!holding.length) return [];
  const lines = holding.map((one) => {
    const undo = button("quiet small", texts.undo, () => send(`/corrections/${one.correction}/undo`));
    undo.setAttribute("aria-label", fill(texts.undo_of, { what: said(one, texts) }));
    return element("li", {}, [said(one, texts), undo]);
  });
  return [element("h3", {}, [texts.holding]), element("ol", {}, lines)];
}

export const corrections = async (api, path) => (await api.read(`${path}/corrections`)).corrections;

// Says something of the voices, and shows the talk as it is put together by that.
function sending(told, deck) {
  return working(told, deck.texts.correct, async (below, what) => {
    const { generation } = await deck.api.read(deck.path);
    await deck.api.write("POST", deck.path + below, what);
    await deck.anew(generation);
  });
}

// Where the number of people is unclear and may be said: the likely ones, to be answered by a tap. No slide, or one.
export function asking(deck) {
  const texts = deck.texts.correct;
  const likely = (deck.session.possible_hints || []).map((hint) => hint.speakers);
  if (likely.length < 2 || deck.session.others_claimed) return [];
  const told = element("p", { role: "status" }, [texts.unclear]);
  const send = sending(told, deck);
  const choices = likely.map((speakers) => button("choice", String(speakers), () => send("/hints", { speakers })));
  return [{ title: texts.count, how: null, body: [told, element("div", { class: "choices" }, choices)] }];
}

// Whether somebody else has this voice: they alone may say that it is two. Of a guest it is who named the guest.
function isOthers({ claim }, deck) {
  if (!claim || claim.kind === "tag") return false;
  return !["", deck.me.user_id].includes(claim.user_id || claim.claimed_by);
}

export function correcting(deck) {
  const texts = deck.texts.correct;
  const told = element("p", { role: "status" }, [texts.why]);
  const send = sending(told, deck);
  const named = (slides) => slides.map((slide) => [slide.speaker, nameOf(slide, deck)]);
  const { slides } = deck.told;
  const parted = named(slides.filter((slide) => !isOthers(slide, deck)));
  return { title: texts.title, how: null, body: [told, element("div", { class: "claim" }, [...people(deck, texts, send), ...one(named(slides), texts, send), ...two(parted, texts, send), ...undoing(deck.corrections, texts, send)])] };
}
