// One count of a voice at a time: its owner says that it was not said, or of a maybe that it was. The fold decides; the totals follow.
import { seen } from "/site/seen.js";
import { button, clock, element, fill, row, working } from "/wrapped/dom.js";

/** @typedef {import("lahstats/api").components["schemas"]} Schemas */

/** @param {Schemas["SingleCount"]} count */
const place = (count) => [count.speaker, count.word, count.said_at].join(" ");

// The voice is the visitor's, or that of a guest whom the visitor named.
function mayJudge(slide, deck) {
  const { claim } = slide;
  if (!claim) return false;
  return claim.kind === "guest" ? claim.claimed_by === deck.me.user_id : claim.kind !== "tag" && claim.user_id === deck.me.user_id;
}

/** @param {Schemas["SingleCount"]} count */
function judged(count, verdict, deck) {
  return seen(async () => {
    /** @type {Schemas["SingleCounts"]} */
    const { counts } = await deck.api.read(`${deck.path}/counts`);
    const now = counts.find((one) => place(one) === place(count));
    return !now || now.verdict === verdict ? counts : null;
  }, deck.texts.claim.pending);
}

function judge(told, deck) {
  return working(told, deck.texts.judge, async (count, verdict) => {
    const { speaker, word, said_at } = count;
    await deck.api.write("POST", `${deck.path}/counts`, { speaker, word, said_at, verdict });
    deck.counts = await judged(count, verdict, deck);
    deck.again(await deck.read());
  });
}

/** @param {Schemas["SingleCount"]} count */
const about = (count) => ({ word: count.word, at: clock(count.at_s) });

function labelled(kind, text, name, work) {
  const found = button(kind, text, work);
  found.setAttribute("aria-label", name);
  return found;
}

/** @param {Schemas["SingleCount"]} count */
function open(count, send, texts) {
  const asked = element("p", {}, [fill(texts.asked, { emoji: count.emoji, ...about(count) })]);
  const yes = labelled("me", texts.yes, fill(texts.yes_to, about(count)), () => send(count, "said"));
  const no = labelled("quiet", texts.no, fill(texts.no_to, about(count)), () => send(count, "struck"));
  return element("div", { class: "asked" }, [asked, row(yes, no)]);
}

/** @param {Schemas["SingleCount"]} count */
function line(count, send, texts) {
  const text = element(count.counted ? "span" : "s", {}, [`${clock(count.at_s)} ${count.emoji} ${count.word}`]);
  const isJudged = count.verdict !== "none";
  const verdict = isJudged ? "none" : "struck";
  const name = fill(isJudged ? texts.undo_of : texts.strike_of, about(count));
  return element("li", {}, [text, labelled("quiet small", isJudged ? texts.undo : texts.strike, name, () => send(count, verdict))]);
}

// Nothing for those whose voice it is not.
export function judging(slide, deck) {
  if (!mayJudge(slide, deck)) return [];
  const texts = deck.texts.judge;
  /** @type {Schemas["SingleCount"][]} */
  const counts = deck.counts.filter((count) => count.speaker === slide.speaker);
  const told = element("p", { role: "status" });
  const send = judge(told, deck);
  const waiting = counts.filter((count) => count.maybe && count.verdict === "none").map((count) => open(count, send, texts));
  const lines = counts.filter((count) => !count.maybe || count.verdict !== "none").map((count) => line(count, send, texts));
  if (!lines.length) return [told, ...waiting];
  const each = element("details", { class: "each", ...(deck.opened.has(slide.speaker) ? { open: "" } : {}) }, [element("summary", {}, [texts.title]), element("p", {}, [texts.why]), element("ol", {}, lines)]);
  each.addEventListener("toggle", () => (each.open ? deck.opened.add(slide.speaker) : deck.opened.delete(slide.speaker)));
  return [told, ...waiting, each];
}
