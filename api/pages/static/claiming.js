// Claims of a voice. The agent that owns the session decides; the page asks, waits until the decision can be seen, and shows it.
import { asKept, seen } from "/site/seen.js";
import { button, choice, element, fill, row, voiceNumber, working } from "/wrapped/dom.js";

const person = (claim, deck) => (claim.user_id === deck.me.user_id ? deck.texts.claim.you : claim.display_name || claim.user_id);

// Of a voice: whoever claimed it, else its label. A tag that nobody answered yet names nobody.
export function nameOf(slide, deck) {
  const { claim } = slide;
  if (!claim || claim.kind === "tag") return fill(deck.texts.session.voice, { speaker: voiceNumber(slide.speaker) });
  return claim.guest_name || claim.display_name || claim.user_id;
}

function standing(claim, deck) {
  const texts = deck.texts.claim;
  if (!claim) return texts.title;
  if (claim.kind === "guest") return fill(texts.guest_is, { name: claim.guest_name });
  return fill({ tag: texts.waits, user: texts.user, self: texts.self }[claim.kind], { name: person(claim, deck) });
}

function changed(slide, deck) {
  const former = JSON.stringify(slide.claim);
  return seen(async () => {
    const told = await deck.read();
    const now = told.slides.find((one) => one.speaker === slide.speaker);
    return !now || JSON.stringify(now.claim) !== former ? told : null;
  }, deck.texts.claim.pending);
}

function pick(deck, texts, send) {
  const others = deck.members.filter((member) => member.user_id !== deck.me.user_id);
  if (!others.length) return [];
  const chosen = choice(texts.friend, others.map((member) => [member.user_id, member.display_name || member.user_id]));
  return [row(chosen, button("quiet", texts.tag, () => send("POST", "", { claim: "user", user_id: chosen.value })))];
}

function free(deck, texts, send) {
  const name = element("input", { type: "text", maxlength: "60", autocomplete: "off", "aria-label": texts.guest, placeholder: texts.guest });
  const guest = () => asKept(name.value) && send("POST", "", { claim: "guest", guest_name: asKept(name.value) });
  const own = row(button("me", texts.me, () => send("POST", "", { claim: "self" })));
  return [own, ...pick(deck, texts, send), row(name, button("quiet", texts.name, guest))];
}

function held(claim, deck, texts, send, speaker) {
  const isAsked = claim.kind === "tag" && claim.user_id === deck.me.user_id;
  const back = button("quiet", isAsked ? texts.decline : texts.release, () => send("DELETE", `/${encodeURIComponent(speaker)}`));
  if (isAsked) return [row(button("me", texts.me, () => send("POST", "", { claim: "self" })), back)];
  const isMine = [claim.user_id, claim.claimed_by].includes(deck.me.user_id);
  return isMine ? [row(back)] : [];
}

// A name that was typed wrong, by who typed it.
function renaming(claim, deck, texts, send) {
  if (!claim || claim.kind !== "guest" || claim.claimed_by !== deck.me.user_id) return [];
  const name = element("input", { type: "text", maxlength: "60", autocomplete: "off", "aria-label": texts.guest });
  name.value = claim.guest_name;
  const rename = () => {
    const wanted = asKept(name.value);
    return wanted && wanted !== claim.guest_name && send("POST", "", { claim: "guest", guest_name: wanted });
  };
  return [row(name, button("quiet", texts.rename, rename))];
}

// The latest change of this voice, when it was the visitor's or is about them: one tap makes it as it was before.
function undoing(slide, deck, texts, send) {
  /** @type {import("lahstats/api").components["schemas"]["ClaimChange"] | undefined} */
  const last = deck.history.find((change) => change.speaker === slide.speaker);
  if (!last) return [];
  const people = [last.changed_by, last.before && last.before.user_id, last.after && last.after.user_id];
  if (!people.includes(deck.me.user_id)) return [];
  return [row(button("quiet", texts.undo, () => send("POST", `/${encodeURIComponent(slide.speaker)}/undo`, { change: last.change })))];
}

export const history = async (api, path) => (await api.read(`${path}/claims/history`)).changes;

export function claiming(slide, deck) {
  const texts = deck.texts.claim;
  const told = element("p", { role: "status" }, [standing(slide.claim, deck)]);
  const send = working(told, texts, async (method, below, what) => {
    await deck.api.write(method, `${deck.path}/claims${below}`, what);
    const now = await changed(slide, deck);
    deck.history = await history(deck.api, deck.path);
    deck.again(now);
  });
  const say = (method, below, what) => send(method, below, what && { speaker: slide.speaker, ...what });
  const ways = slide.claim ? held(slide.claim, deck, texts, say, slide.speaker) : free(deck, texts, say);
  const more = [...renaming(slide.claim, deck, texts, say), ...undoing(slide, deck, texts, send)];
  return [element("div", { class: "claim" }, [told, ...ways]), ...(more.length ? [element("div", { class: "more" }, more)] : [])];
}
