// The last slide: the card as a picture to pass on, and a link to it that can be revoked.
import { readable } from "/site/seen.js";
import { language } from "/site/texts.js";
import { button, choice, element, fill, link as anchor, row, trying } from "/wrapped/dom.js";

const TYPE = "image/png";
const SHARES = "/v1/users/me/shares";

// The phone's own sheet takes a file; where there is none, the picture is saved.
export const canPass = (file) => Boolean(navigator.canShare && navigator.canShare({ files: [file] }));

// Somebody who closes the sheet has changed their mind: nothing failed.
/** @param {ShareData} what */
export async function pass(what) {
  try {
    await navigator.share(what);
  } catch (problem) {
    if (/** @type {Error} */ (problem).name !== "AbortError") throw problem;
  }
}

export function sharing(api, wrapped, texts) {
  const preview = element("img", { class: "preview", alt: texts.alt });
  const name = element("input", { type: "checkbox", id: "name" });
  const shape = choice(texts.shape, Object.entries(texts.shapes));
  shape.id = "shape";
  const told = element("p", { role: "status" });
  const save = element("a", { class: "button", id: "save", download: "singlish.png" }, [texts.save]);
  let file = null;
  let share = null;
  let latest = "";
  const isListed = (now) => now.shares.some((one) => one.share === share.share);

  const draw = async () => {
    const asked = `period=${encodeURIComponent(wrapped.period)}&shape=${shape.value}&format=png&name=${name.checked}&language=${language()}`;
    latest = asked;
    send.disabled = true;
    save.removeAttribute("href");
    const picture = await api.picture(`/v1/users/me/wrapped/card?${asked}`);
    // The answer to an earlier choice may bear the name that was taken off meanwhile.
    if (asked !== latest) return;
    file = new File([picture], "singlish.png", { type: TYPE });
    const old = preview.src;
    preview.src = URL.createObjectURL(picture);
    save.href = preview.src;
    if (old) URL.revokeObjectURL(old);
    preview.hidden = save.hidden = false;
    send.hidden = !canPass(file);
    send.disabled = false;
  };
  const send = button("me", texts.pass, trying(told, texts, () => pass({ files: [file], title: texts.card })));
  send.id = "pass";
  preview.hidden = save.hidden = send.hidden = true;
  const link = button("quiet", texts.link, trying(told, texts, async () => {
    share = await api.write("POST", SHARES, { first: wrapped.from, last: wrapped.to, show_name: name.checked });
    await readable(SHARES, isListed);
    const address = `${location.origin}${share.path}`;
    const [before, after] = texts.made.split("{link}");
    told.replaceChildren(before, anchor(address, address), after);
    revoke.hidden = false;
  }));
  link.id = "link";
  const revoke = button("quiet", texts.revoke, trying(told, texts, async () => {
    await api.write("DELETE", `${SHARES}/${share.share}`);
    await readable(SHARES, (now) => !isListed(now));
    told.textContent = fill(texts.revoked, {});
    revoke.hidden = true;
  }));
  revoke.id = "revoke";
  revoke.hidden = true;
  for (const changed of [name, shape]) changed.addEventListener("change", trying(told, texts, draw));
  const ways = row(shape, element("label", { for: "name" }, [name, texts.name]));
  // A card takes longer than all the rest of a story: it is drawn when its slide is looked at, and nothing waits for it.
  const looked = new IntersectionObserver((found) => {
    if (!found.some((one) => one.isIntersecting)) return;
    looked.disconnect();
    trying(told, texts, draw)();
  });
  looked.observe(ways);
  return { title: texts.title, how: null, body: [preview, ways, row(send, save, link, revoke), told] };
}
