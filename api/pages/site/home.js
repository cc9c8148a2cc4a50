// The first page: what this is, or, for somebody who is signed in, where they go on.
import { earlier, goingOn } from "/site/earlier.js";
import { page, show } from "/site/layout.js";
import { asKept, readable } from "/site/seen.js";
import { belongsTo, ME, offline, read, readAhead, signIn, whoAmI, write } from "/site/session.js";
import { texts } from "/site/texts.js";
import { button, day, element, fill, go, lasting, link, list, mostFirst, number, submitted } from "/wrapped/dom.js";

/** @typedef {import("lahstats/api").components["schemas"]} Schemas */

const LAST_TALKS = 10;
const FEW_TALKS = 3;
const TALKS = `/v1/sessions?limit=${LAST_TALKS}`;
const WEEK = "/v1/users/me/stats?period=week";

const plural = (n, one, some) => (n === 1 ? one : fill(some, { n: number(n) }));

// Plays it at once for somebody who is signed in; others sign in first and come back to it.
function sample(words, me) {
  const told = element("p", { class: "said", role: "status" });
  const play = async () => {
    told.textContent = words.sample_busy;
    try {
      const { sendSample } = await import("/site/sample.js").catch(() => { throw offline(); });
      await go(`/wrapped?session=${await sendSample(me.time_zone)}`);
    } catch (problem) {
      told.textContent = fill(words.sample_failed, { detail: /** @type {Error} */ (problem).message });
    }
  };
  const way = button("quiet", words.sample, () => (me ? play() : signIn("/?sample")));
  way.id = "sample";
  if (me && new URLSearchParams(location.search).has("sample")) {
    history.replaceState(null, "", "/");
    way.click();
  }
  return [element("p", { class: "soft" }, [words.sample_why]), element("p", {}, [way]), told];
}

function signedOut(words) {
  const picture = element("img", { src: "/site/story.png", alt: words.home.picture, width: "480", height: "853", class: "picture" });
  const ways = element("p", { class: "row" }, [element("a", { class: "button", href: "/sign-in" }, [words.home.sign_in])]);
  const parts = [element("p", {}, [words.home.what.join(" ")]), ways, ...sample(words.home, null), picture];
  show({ title: words.home.title, parts, texts: words });
}

function talks({ sessions, next }, words) {
  if (!sessions.length) return [element("p", {}, [words.no_talks])];
  const before = async (/** @type {string} */ after) => {
    const told = await read(goingOn(TALKS, after));
    return { items: lines(told.sessions, words), next: told.next };
  };
  return [element("ul", { class: "list" }, lines(sessions, words)), ...earlier(next, before, words.earlier_talks)];
}

function lines(sessions, words) {
  return sessions.map((one) => {
    const when = fill(words.talk, { day: day(one.recorded_at, one.time_zone), length: lasting(one.audio_ms, words) });
    const state = one.state === "completed" ? [] : [element("span", { class: one.state === "failed" ? "chip bad" : "chip" }, [words.state[one.state] || one.state])];
    return element("li", {}, [element("div", { class: "line" }, [link(`/wrapped?session=${one.session_id}`, when), ...state])]);
  });
}

function groups(me, words) {
  const known = me.groups.length ? list("list", me.groups.map((group) => link(`/wrapped?group=${group.group_id}`, group.name))) : element("p", {}, [words.no_groups]);
  return [known, ...newGroup(words)];
}

// A group begins with its name. Its story has the invite.
function newGroup(words) {
  const name = element("input", { type: "text", id: "group-name", maxlength: "60", required: "", autocomplete: "off" });
  const told = element("p", { class: "said bad", role: "status" });
  const form = element("form", {}, [element("label", { for: "group-name" }, [words.group_name]), name, told, element("button", { type: "submit", class: "quiet" }, [words.make_group])]);
  submitted(form, async () => {
    told.textContent = "";
    try {
      const { group_id: made } = await write("POST", "/v1/groups", { name: asKept(name.value) });
      await readable(`/v1/groups/${made}`);
      await go(`/wrapped?group=${made}`);
    } catch (problem) {
      told.textContent = /** @type {Error} */ (problem).message;
    }
  });
  return [element("details", {}, [element("summary", {}, [words.new_group]), form])];
}

// Questions that wait for the visitor: a friend has said which voice is theirs.
function tags(me, words) {
  if (!me.tags.length) return [];
  const ways = me.tags.map((tag) => link(`/wrapped?session=${tag.session_id}`, fill(words.tag, { day: day(tag.claimed_at) })));
  return [element("h2", {}, [words.tags]), list("list", ways)];
}

/** @param {Schemas["UserStats"]} stats */
function week(stats, words) {
  if (!stats.counts) return [element("p", {}, [words.week_none])];
  const [[most] = [""]] = mostFirst(stats.words);
  const told = fill(stats.counts === 1 ? words.week_one : words.week_some, { counts: number(stats.counts), talks: plural(stats.sessions, words.one_talk, words.some_talks), word: most });
  return [element("p", {}, [told]), element("p", {}, [link("/wrapped?period=week", words.week_more)])];
}

async function signedIn(me, words) {
  belongsTo(me.user_id);
  const [last, stats] = await Promise.all([read(TALKS), read(WEEK)]);
  const own = words.home;
  // Somebody with talks of their own needs no sample any more, but for one that was asked for before signing in.
  const example = last.sessions.length < FEW_TALKS || new URLSearchParams(location.search).has("sample") ? sample(own, me) : [];
  const parts = [
    element("p", {}, [element("a", { class: "button record", href: "/record" }, [own.record])]),
    ...tags(me, own),
    element("h2", {}, [own.week]), ...week(stats, own),
    element("h2", {}, [own.talks]), ...talks(last, own), ...example,
    element("h2", {}, [own.groups]), ...groups(me, own),
  ];
  show({ title: fill(own.hello, { name: me.display_name || me.user_id }), parts, me, texts: words });
  // Loaded for who is signed in alone. A browser that keeps nothing has nothing to send.
  import("/record/owner.js").then(({ remember }) => remember(me)).catch(() => {});
  import("/record/catching.js").then(({ catchUp }) => catchUp(me.user_id)).catch(() => {});
}

readAhead(ME, TALKS, WEEK);
await page(await texts(), async (words) => {
  const me = await whoAmI();
  if (me && !me.display_name) return location.replace(`/welcome?after=${encodeURIComponent(location.pathname + location.search)}`);
  await (me ? signedIn(me, words) : signedOut(words));
});
