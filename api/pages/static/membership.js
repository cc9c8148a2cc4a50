// The people of a group, and what each may do there: everybody leaves; the owner names it, removes, and hands it over.
import { asKept, readable } from "/site/seen.js";
import { twice } from "/site/twice.js";
import { button, element, fill, go, isolated, row, trying } from "/wrapped/dom.js";

/** @typedef {import("lahstats/api").components["schemas"]["Member"]} Member */

/** @param {Member} one */
const nameOf = (one) => one.display_name || one.user_id;
const named = (words, name) => ({ ...words, label: fill(words.label, { name }), warning: fill(words.warning, { name }), sure: fill(words.sure, { name }) });

function renaming(name, change, texts) {
  const told = element("p", { role: "status" });
  const input = element("input", { type: "text", maxlength: "60", autocomplete: "off", "aria-label": texts.name });
  input.value = name;
  const rename = trying(told, texts, () => {
    const wanted = asKept(input.value);
    return change("PATCH", "", { name: wanted }, "", (group) => group.name === wanted);
  });
  return [row(input, button("quiet", texts.rename, () => asKept(input.value) && rename())), told];
}

/** @param {Member} one */
function ofOwner(one, change, texts) {
  const name = nameOf(one);
  const other = `/members/${encodeURIComponent(one.user_id)}`;
  const owns = (/** @type {{owner: string}} */ group) => group.owner === one.user_id;
  const isGone = (/** @type {{members: Member[]}} */ told) => !told.members.some((left) => left.user_id === one.user_id);
  return [
    ...twice("quiet small", named(texts.hand_over, name), () => change("POST", "/owner", { user_id: one.user_id }, "", owns)),
    ...twice("quiet small", named(texts.remove, name), () => change("DELETE", other, undefined, "/members", isGone)),
  ];
}

function leaving(api, group, path, isAlone, texts) {
  const words = isAlone ? texts.end : texts.leave;
  return twice("quiet", words, async () => {
    await api.write("DELETE", `${path}/members/me`);
    await readable("/v1/users/me", (me) => !me.groups.some((/** @type {{group_id: string}} */ one) => one.group_id === group));
    await go("/");
  });
}

// The slide, and whether the visitor owns the group.
export async function membership(api, me, group, from, texts) {
  const path = from.about;
  const [about, { members }] = await Promise.all([api.read(path), api.read(from.members)]);
  const isOwner = about.owner === me.user_id;
  const change = async (method, below, what, where, isThere) => {
    await api.write(method, path + below, what);
    await readable(path + where, isThere);
    location.reload();
  };
  const lines = members.map((/** @type {Member} */ one) => {
    const ways = isOwner && one.user_id !== me.user_id ? ofOwner(one, change, texts) : [];
    return element("li", {}, [element("strong", {}, [isolated(nameOf(one))]), ` · ${texts.roles[one.role]}`, ...(ways.length ? [row(...ways)] : [])]);
  });
  const isStuck = isOwner && members.length > 1;
  const out = isStuck ? [element("p", {}, [texts.first])] : leaving(api, group, path, isOwner, texts);
  const name = isOwner ? renaming(about.name, change, texts) : [];
  return { isOwner, slide: { title: texts.title, how: null, body: [element("ul", { class: "facts" }, lines), ...name, ...out] } };
}
