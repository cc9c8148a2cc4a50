// Into a group by a link: for somebody who is not signed in yet, too. Nothing of the group is shown before.
import { readable } from "/site/seen.js";
import { signIn } from "/site/session.js";
import { show } from "/wrapped/deck.js";
import { button, element, go, row, trying } from "/wrapped/dom.js";

export function joinStory(api, code, me, texts) {
  const told = element("p", { role: "status" });
  const join = trying(told, texts.join, async () => {
    const { group_id: group } = await api.write("POST", "/v1/groups/join", { invite_code: code });
    await readable(`/v1/groups/${encodeURIComponent(group)}`);
    await go(`/wrapped?group=${encodeURIComponent(group)}`);
  });
  const way = me ? button("me", texts.join.go, join) : button("me", texts.join.sign_in, () => signIn());
  way.id = "join";
  show(texts.join.title, [{ title: texts.join.title, how: null, body: [element("p", {}, [texts.join.text]), row(way), told] }], texts);
}
