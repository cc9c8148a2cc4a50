// Settings: the profile, what is held about the visitor, and the ways out.
import { earlier, goingOn } from "/site/earlier.js";
import { page, show, signOutHere } from "/site/layout.js";
import { profileForm } from "/site/profile.js";
import { ME, mustBeSignedIn, read, readAhead, write } from "/site/session.js";
import { texts } from "/site/texts.js";
import { twice } from "/site/twice.js";
import { button, day, days, element, fill, link } from "/wrapped/dom.js";

const TALKS = "/v1/sessions?limit=50";
const SHARES = "/v1/users/me/shares";
const SHOWN_TALKS = 5;
const WAIT_MS = 500;

function ownData(words) {
  return [
    element("h2", {}, [words.data]), element("p", {}, [words.data_why]),
    element("p", {}, [element("a", { class: "button quiet", href: "/v1/users/me/data", download: "my-lahstats.zip" }, [words.data_get])]),
  ];
}

/**
 * The next recordings of the visitor's own, and where the list goes on: a page of it may have talks of others alone.
 * @param {string | null} next of the page before
 */
async function recordings(next = null) {
  const told = await read(next ? goingOn(TALKS, next) : TALKS);
  const own = told.sessions.filter((/** @type {{owned: boolean}} */ one) => one.owned);
  return own.length || !told.next ? { own, next: told.next } : recordings(told.next);
}

function lines(own, words) {
  return own.map((one) => {
    const when = day(one.recorded_at, one.time_zone);
    const named = { ...words.erase_talk, label: fill(words.erase_talk.label, { day: when }) };
    const [told, ways] = twice("quiet small", named, () => write("DELETE", `/v1/sessions/${one.session_id}`));
    return element("li", {}, [element("div", { class: "line" }, [link(`/wrapped?session=${one.session_id}`, when), ways]), told]);
  });
}

function talks({ own, next }, words) {
  if (!own.length) return [element("h2", {}, [words.talks]), element("p", {}, [words.no_talks])];
  const items = lines(own, words);
  const before = (/** @type {string} */ after) => recordings(after).then((found) => ({ items: lines(found.own, words), next: found.next }));
  const few = element("ul", { class: "list" }, items.slice(0, SHOWN_TALKS));
  const more = items.length - SHOWN_TALKS;
  const rest = more > 0 ? [element("details", {}, [element("summary", {}, [fill(words.more_talks, { n: more })]), element("ul", { class: "list" }, items.slice(SHOWN_TALKS))])] : [];
  return [element("h2", {}, [words.talks]), few, ...rest, ...earlier(next, before, words.earlier_talks)];
}

// Everybody with such a link sees the card. Only they know its address: the api tells what it shows, and no more.
function links(shares, words) {
  if (!shares.length) return [];
  const items = shares.map((one) => {
    const span = days(one.from, one.to);
    const named = { ...words.revoke, label: fill(words.revoke.label, { days: span }) };
    const [told, ways] = twice("quiet small", named, () => write("DELETE", `${SHARES}/${one.share}`));
    const about = fill(one.show_name ? words.link_named : words.link, { days: span, day: day(one.made_at) });
    return element("li", {}, [element("div", { class: "line" }, [about, ways]), told]);
  });
  return [element("h2", {}, [words.links]), element("p", {}, [words.links_why]), element("ul", { class: "list" }, items)];
}

function waysOut(texts) {
  const words = texts.settings;
  const out = () => signOutHere(texts);
  const here = button("quiet", words.out, out);
  const everywhere = twice("quiet", words.everywhere, async () => {
    await write("POST", "/v1/users/me/sign-out");
    setTimeout(out, WAIT_MS);
  });
  const leave = twice("danger", words.erase_me, async () => {
    await write("DELETE", "/v1/users/me");
    setTimeout(out, WAIT_MS);
  });
  return [
    element("h2", {}, [words.ways_out]), element("p", {}, [here]), ...everywhere,
    element("h2", {}, [words.leave]), element("p", {}, [words.leave_why]), ...leave,
  ];
}

readAhead(ME, TALKS, SHARES);
await page(await texts(), async (words) => {
  const me = await mustBeSignedIn();
  const [recorded, { shares }] = await Promise.all([recordings(), read(SHARES)]);
  const own = words.settings;
  const form = profileForm(me, words.profile, { save: own.save, done: () => {} });
  show({ title: own.title, parts: [form, ...ownData(own), ...talks(recorded, own), ...links(shares, own), ...waysOut(words)], me, texts: words });
});
