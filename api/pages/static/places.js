// Where the visitor's words were said, and what waits for an answer of theirs: ways to the other stories.
import { earlier, goingOn } from "/site/earlier.js";
import { day, days, element, fill, lasting, link, list } from "/wrapped/dom.js";
import { own } from "/wrapped/reads.js";

/**
 * Null without any.
 * @param {string} path of their list
 * @param {import("lahstats/api").components["schemas"]["SessionList"]} last
 */
export function talks(api, path, last, texts) {
  const lines = (sessions) => sessions.map((session) => {
    const when = fill(texts.talk, { day: day(session.recorded_at, session.time_zone), length: lasting(session.audio_ms, texts) });
    return element("li", {}, [link(`/wrapped?session=${session.session_id}`, when)]);
  });
  const before = async (/** @type {string} */ after) => {
    const told = await api.read(goingOn(path, after));
    return { items: lines(told.sessions), next: told.next };
  };
  if (!last.sessions.length) return null;
  return element("div", {}, [element("ul", { class: "facts" }, lines(last.sessions)), ...earlier(last.next, before, texts.earlier, "facts")]);
}

/** @typedef {import("lahstats/api").components["schemas"]["TrendBucket"]} Month */
/** @typedef {(period: string) => string} Way the address of the same story of another time */

// The other stories: this year, month and week.
/** @param {Way} way */
function others(period, way, names) {
  return Object.entries(names).filter(([asked]) => asked !== period).map(([asked, name]) => link(way(asked), name));
}

/** @param {string} first first day of a month @param {Way} way */
function month(first, way) {
  const [year, number] = first.split("-").map(Number);
  const last = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
  return link(way(`${first}..${last}`), days(first, last));
}

/**
 * Every year and month in which something was said, the newest first.
 * @param {Month[]} months @param {Way} way
 */
function archive(months, way, texts) {
  const said = months.filter((one) => one.counts > 0).map((one) => one.from).reverse();
  const years = [...new Set(said.map((first) => first.slice(0, 4)))];
  return years.map((year) => {
    const whole = link(way(`${year}-01-01..${year}-12-31`), fill(texts.whole, { year }));
    const each = said.filter((first) => first.startsWith(year)).map((first) => month(first, way));
    return element("details", {}, [element("summary", {}, [year]), list("facts", [whole, ...each])]);
  });
}

/**
 * A story at other times.
 * @param {Month[]} months @param {Way} way
 */
export function times(period, months, way, texts) {
  const before = archive(months, way, texts);
  return [
    [texts.times, list("facts", others(period, way, texts.periods))],
    [texts.archive, before.length && element("div", { class: "archive" }, before)],
  ];
}

/**
 * The slide of ways to other stories, each kind under its title, but for kinds without one.
 * @param {any[][]} found
 */
export function elsewhere(found, texts) {
  const body = found.filter(([, listed]) => listed).flatMap(([title, listed]) => [element("h3", {}, [title]), listed]);
  return body.length ? [{ title: texts.title, how: null, body }] : [];
}

export async function places(api, me, period, texts) {
  const from = own(period);
  const [last, { trend }] = await Promise.all([api.read(from.talks), api.read(from.said)]);
  const tags = me.tags.map((tag) => link(`/wrapped?session=${tag.session_id}`, fill(texts.tag, { day: day(tag.claimed_at) })));
  const groups = me.groups.map((group) => link(`/wrapped?group=${group.group_id}&period=${encodeURIComponent(period)}`, group.name));
  return elsewhere([
    ...times(period, trend, (asked) => `/wrapped?period=${encodeURIComponent(asked)}`, texts),
    [texts.tags, tags.length && list("facts", tags)],
    [texts.talks, talks(api, from.talks, last, texts)],
    [texts.groups, groups.length && list("facts", groups)],
  ], texts);
}
