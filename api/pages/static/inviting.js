// A link into a group, as an address and as a picture for a camera. A new one ends the one before.
import { button, element, row, trying } from "/wrapped/dom.js";
import { pass as passOn } from "/wrapped/sharing.js";

export function inviting(api, group, texts) {
  const told = element("p", { role: "status" });
  const place = element("div", { class: "invite" });
  const make = button("me", texts.make, trying(told, texts, async () => {
    told.textContent = "";
    const { invite_code: code } = await api.write("POST", `/v1/groups/${encodeURIComponent(group)}/invite`);
    const address = `${location.origin}/wrapped?join=${encodeURIComponent(code)}`;
    const picture = URL.createObjectURL(await api.picture(`/v1/qr?text=${encodeURIComponent(address)}`));
    const link = element("input", { type: "text", readonly: "", "aria-label": texts.link });
    link.value = address;
    link.addEventListener("focus", () => link.select());
    const copy = button("quiet", texts.copy, trying(told, texts, async () => {
      await navigator.clipboard.writeText(address);
      told.textContent = texts.copied;
    }));
    const pass = "share" in navigator ? [button("me", texts.pass, trying(told, texts, () => passOn({ url: address })))] : [];
    place.replaceChildren(element("img", { src: picture, alt: texts.qr, width: "220", height: "220" }), link, row(...pass, copy));
  }));
  make.id = "invite";
  return { title: texts.title, how: null, body: [element("p", {}, [texts.why]), row(make), place, told] };
}
