// Where the visitor's words were said, and what waits for an answer of theirs: ways to the other stories.
import { day, element, fill, lasting, link, list } from "/wrapped/dom.js";

export const LAST_TALKS = 6;

export function talks(sessions, texts) {
  return list("facts", sessions.map((session) => {
    const when = fill(texts.talk, { day: day(session.recorded_at, session.time_zone), length: lasting(session.audio_ms, texts) });
    return link(`/wrapped?session=${session.session_id}`, when);
  }));
}

// The other stories of the visitor: this year and those before, this month, this week.
function others(period, names) {
  const year = new Date().getFullYear();
  const before = [1, 2].map((ago) => [`${year - ago}-01-01..${year - ago}-12-31`, String(year - ago)]);
  const ways = [...Object.entries(names), ...before].filter(([asked]) => asked !== period);
  return ways.map(([asked, name]) => link(`/wrapped?period=${encodeURIComponent(asked)}`, name));
}

export async function places(api, period, texts) {
  const [me, last] = await Promise.all([api.read("/v1/users/me"), api.read(`/v1/sessions?limit=${LAST_TALKS}`)]);
  const tags = me.tags.map((tag) => link(`/wrapped?session=${tag.session_id}`, fill(texts.tag, { day: day(tag.claimed_at) })));
  const groups = me.groups.map((group) => link(`/wrapped?group=${group.group_id}&period=${encodeURIComponent(period)}`, group.name));
  const found = [
    [texts.times, list("facts", others(period, texts.periods))],
    [texts.tags, tags.length && list("facts", tags)],
    [texts.talks, last.sessions.length && talks(last.sessions, texts)],
    [texts.groups, groups.length && list("facts", groups)],
  ].filter(([, listed]) => listed);
  const body = found.flatMap(([title, listed]) => [element("h3", {}, [title]), listed]);
  return body.length ? [{ title: texts.title, how: null, body }] : [];
}
