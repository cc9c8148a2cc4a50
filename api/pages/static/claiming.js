// Whose voice it is. The agent that owns the session decides; the page asks, waits until the decision can be seen, and shows it.
import { seen } from "/wrapped/api.js";
import { button, choice, element, fill, row, trying } from "/wrapped/dom.js";

const person = (claim, deck) => (claim.user_id === deck.me.user_id ? deck.texts.claim.you : claim.display_name || claim.user_id);

// Of a voice: whoever claimed it, else its label. A tag that nobody answered yet names nobody.
export function nameOf(slide, deck) {
  const { claim } = slide;
  if (!claim || claim.kind === "tag") return fill(deck.texts.session.voice, slide);
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
  const guest = () => { if (name.value.trim()) send("POST", "", { claim: "guest", guest_name: name.value.trim() }); };
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

export function claiming(slide, deck) {
  const texts = deck.texts.claim;
  const told = element("p", { role: "status" }, [standing(slide.claim, deck)]);
  const send = trying(told, texts, async (method, below, what) => {
    told.textContent = texts.working;
    await deck.api.write(method, `${deck.path}/claims${below}`, what && { speaker: slide.speaker, ...what });
    deck.again(await changed(slide, deck));
  });
  const ways = slide.claim ? held(slide.claim, deck, texts, send, slide.speaker) : free(deck, texts, send);
  return element("div", { class: "claim" }, [told, ...ways]);
}
