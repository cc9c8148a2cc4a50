// The first page: what this is, or, for somebody who is signed in, where they go on.
import { page, show } from "/site/layout.js";
import { read, whoAmI } from "/site/session.js";
import { texts } from "/site/texts.js";
import { day, element, fill, link, list, number } from "/wrapped/dom.js";
import { catchUp } from "/record/catching.js";

const LAST_TALKS = 10;

const plural = (n, one, some) => (n === 1 ? one : fill(some, { n: number(n) }));

function signedOut(words) {
  const picture = element("img", { src: "/site/story.png", alt: words.home.picture, width: "390", height: "844", class: "picture" });
  const ways = element("p", { class: "row" }, [element("a", { class: "button", href: "/sign-in" }, [words.home.sign_in])]);
  const parts = [element("p", {}, [words.home.what.join(" ")]), ways, picture];
  show({ title: words.home.title, parts, texts: words });
}

function talks(sessions, words) {
  if (!sessions.length) return element("p", {}, [words.no_talks]);
  return list("list", sessions.map((one) => {
    const when = fill(words.talk, { day: day(one.recorded_at, one.time_zone), minutes: plural(Math.round(one.audio_ms / 60000), words.minute, words.minutes) });
    return element("span", {}, [link(`/wrapped?session=${one.session_id}`, when), " ", element("span", { class: "soft" }, [words.state[one.state] || one.state])]);
  }));
}

function groups(me, words) {
  if (!me.groups.length) return element("p", {}, [words.no_groups]);
  return list("list", me.groups.map((group) => link(`/wrapped?group=${group.group_id}`, group.name)));
}

function week(stats, words) {
  if (!stats.counts) return [element("p", {}, [words.week_none])];
  const told = fill(stats.counts === 1 ? words.week_one : words.week_some, { counts: number(stats.counts), talks: plural(stats.sessions, words.one_talk, words.some_talks), word: stats.top_word });
  return [element("p", {}, [told]), element("p", {}, [link("/wrapped?period=week", words.week_more)])];
}

async function signedIn(me, words) {
  const [last, stats] = await Promise.all([read(`/v1/sessions?limit=${LAST_TALKS}`), read("/v1/users/me/stats?period=week")]);
  const own = words.home;
  const parts = [
    element("p", {}, [element("a", { class: "button record", href: "/record" }, [own.record])]),
    element("h2", {}, [own.week]), ...week(stats, own),
    element("h2", {}, [own.talks]), talks(last.sessions, own),
    element("h2", {}, [own.groups]), groups(me, own),
  ];
  show({ title: fill(own.hello, { name: me.display_name || me.user_id }), parts, me, texts: words });
  catchUp(me.user_id).catch(() => {}); // a browser that keeps nothing has nothing to send
}

await page(await texts(), async (words) => {
  const me = await whoAmI();
  await (me ? signedIn(me, words) : signedOut(words));
});
