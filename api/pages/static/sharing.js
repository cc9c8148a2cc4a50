// The last slide: the card as a picture, and a link to it that can be revoked.
import { element, fill, row, trying } from "/wrapped/dom.js";

export async function sharing(api, wrapped, texts) {
  const preview = element("img", { class: "preview", alt: texts.alt });
  const name = element("input", { type: "checkbox", id: "name" });
  const told = element("p", { role: "status" });
  const link = element("button", { type: "button", id: "link" }, [texts.link]);
  const revoke = element("button", { type: "button", id: "revoke", class: "quiet", hidden: "" }, [texts.revoke]);
  const save = element("a", { class: "button", id: "save", download: "wrapped.png" }, [texts.save]);
  let share = null;

  const draw = async () => {
    const asked = `period=${encodeURIComponent(wrapped.period)}&shape=story&format=png&name=${name.checked}`;
    const old = preview.src;
    preview.src = URL.createObjectURL(await api.picture(`/v1/users/me/wrapped/card?${asked}`));
    save.href = preview.src;
    if (old) URL.revokeObjectURL(old);
  };
  name.addEventListener("change", trying(told, texts, draw));
  link.addEventListener("click", trying(told, texts, async () => {
    share = await api.write("POST", "/v1/users/me/shares", { first: wrapped.from, last: wrapped.to, show_name: name.checked });
    told.textContent = fill(texts.made, { link: `${location.origin}${share.path}` });
    revoke.hidden = false;
  }));
  revoke.addEventListener("click", trying(told, texts, async () => {
    await api.write("DELETE", `/v1/users/me/shares/${share.share}`);
    told.textContent = texts.revoked;
    revoke.hidden = true;
  }));
  await trying(told, texts, draw)();
  return { title: texts.title, how: null, body: [preview, element("label", { for: "name" }, [name, texts.name]), row(save, link, revoke), told] };
}
