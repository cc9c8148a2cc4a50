// Of a talk in which somebody tagged the visitor: who said so, one clip, and the visitor's answer. Nothing else of it is shown before.
import { seen } from "/site/seen.js";
import { show } from "/wrapped/deck.js";
import { button, day, element, fill, heard, row, working } from "/wrapped/dom.js";

// Until the api has the answer too: then the tag does not wait any more.
function answered(api, path, speaker, texts) {
  return seen(async () => {
    const { tags } = await api.read(`${path}/tags`).catch((problem) => { if (problem.status === 404) return { tags: [] }; throw problem; });
    return !tags.some((tag) => tag.speaker === speaker);
  }, texts.claim.pending);
}

function slide(tag, api, path, texts, anew) {
  const who = { name: tag.display_name || tag.claimed_by, day: day(tag.claimed_at) };
  const told = element("p", { role: "status" }, [fill(texts.asked.who, who)]);
  const send = working(told, texts.claim, async (method, below, what) => {
    await api.write(method, `${path}/claims${below}`, what);
    await answered(api, path, tag.speaker, texts);
    anew();
  });
  const yes = button("me", texts.claim.me, () => send("POST", "", { speaker: tag.speaker, claim: "self" }));
  const no = button("quiet", texts.claim.decline, () => send("DELETE", `/${encodeURIComponent(tag.speaker)}`));
  const clip = tag.clip ? heard(tag.clip, texts.asked.listen, texts.session.quote) : [];
  return { title: texts.asked.title, how: null, body: [told, ...clip, element("div", { class: "claim" }, [row(yes, no)])] };
}

export async function askedStory(api, path, texts, anew) {
  const { tags } = await api.read(`${path}/tags`);
  show(texts.asked.title, tags.map((tag) => slide(tag, api, path, texts, anew)), texts);
}
