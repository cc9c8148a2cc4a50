// Where the visitor's words were said, and what waits for an answer of theirs: ways to the other stories.
import { day, days, element, fill, lasting, link, list } from "/wrapped/dom.js";

export const LAST_TALKS = 6;
const MONTHS = 120;

export function talks(sessions, texts) {
  return list("facts", sessions.map((session) => {
    const when = fill(texts.talk, { day: day(session.recorded_at, session.time_zone), length: lasting(session.audio_ms, texts) });
    return link(`/wrapped?session=${session.session_id}`, when);
  }));
}

// The other stories of the visitor: this year, month and week.
function others(period, names) {
  const ways = Object.entries(names).filter(([asked]) => asked !== period);
  return ways.map(([asked, name]) => link(`/wrapped?period=${encodeURIComponent(asked)}`, name));
}

const story = (first, last, name) => link(`/wrapped?period=${encodeURIComponent(`${first}..${last}`)}`, name);

/** @param {string} first first day of a month */
function month(first) {
  const [year, number] = first.split("-").map(Number);
  const last = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
  return story(first, last, days(first, last));
}

/**
 * Every year and month in which the visitor said something, the newest first.
 * @param {import("lahstats/api").components["schemas"]["TrendBucket"][]} months
 */
function archive(months, texts) {
  const said = months.filter((one) => one.counts > 0).map((one) => one.from).reverse();
  const years = [...new Set(said.map((first) => first.slice(0, 4)))];
  return years.map((year) => {
    const whole = story(`${year}-01-01`, `${year}-12-31`, fill(texts.whole, { year }));
    const each = said.filter((first) => first.startsWith(year)).map(month);
    return element("details", {}, [element("summary", {}, [year]), list("facts", [whole, ...each])]);
  });
}

export async function places(api, me, period, texts) {
  const [last, { trend }] = await Promise.all([
    api.read(`/v1/sessions?limit=${LAST_TALKS}`), api.read(`/v1/users/me/trends?granularity=month&limit=${MONTHS}`),
  ]);
  const tags = me.tags.map((tag) => link(`/wrapped?session=${tag.session_id}`, fill(texts.tag, { day: day(tag.claimed_at) })));
  const groups = me.groups.map((group) => link(`/wrapped?group=${group.group_id}&period=${encodeURIComponent(period)}`, group.name));
  const before = archive(trend, texts);
  const found = [
    [texts.times, list("facts", others(period, texts.periods))],
    [texts.archive, before.length && element("div", { class: "archive" }, before)],
    [texts.tags, tags.length && list("facts", tags)],
    [texts.talks, last.sessions.length && talks(last.sessions, texts)],
    [texts.groups, groups.length && list("facts", groups)],
  ].filter(([, listed]) => listed);
  const body = found.flatMap(([title, listed]) => [element("h3", {}, [title]), listed]);
  return body.length ? [{ title: texts.title, how: null, body }] : [];
}
