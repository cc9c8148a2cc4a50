// Whose story: the visitor's own, that of a talk (`?session=`) or that of a group (`?group=`).
import { ME, mustBeSignedIn, offline, readAhead, signIn, whoAmI } from "/site/session.js";
import { texts as textsOf } from "/site/texts.js";
import { Api } from "/wrapped/api.js";
import { showFailure } from "/wrapped/deck.js";
import { ownStory } from "/wrapped/own.js";
import { ofGroup, ofSession, own } from "/wrapped/reads.js";

const asked = new URLSearchParams(location.search);
const period = asked.get("period") || "year";
const code = asked.get("join");
const session = asked.get("session");
const group = asked.get("group");

// The answers that the story reads first.
function reads() {
  if (session !== null) return ofSession(session);
  return group === null ? own(period) : ofGroup(group, period);
}

// One's own story is there at once. The others are loaded beside their answers, each for those who look at it.
function storyOf() {
  if (code) return import("/wrapped/joining.js").then(({ joinStory }) => (api, me, texts) => joinStory(api, code, me, texts));
  if (session !== null) return import("/wrapped/session.js").then(({ sessionStory }) => (api, me, texts) => sessionStory(api, me, session, texts));
  if (group !== null) return import("/wrapped/group.js").then(({ groupStory }) => (api, me, texts) => groupStory(api, me, group, period, texts));
  return Promise.resolve((api, me, texts) => ownStory(api, me, period, texts));
}

async function main() {
  readAhead(ME, ...(code ? [] : Object.values(reads())));
  const story = storyOf().catch(() => { throw offline(); });
  story.catch(() => {}); // it is told where it is waited for
  const texts = await textsOf("/wrapped");
  try {
    const me = await (code ? whoAmI() : mustBeSignedIn());
    await (await story)(new Api(), me, texts);
  } catch (problem) {
    if (/** @type {{status?: number}} */ (problem).status === 401) return signIn();
    showFailure(problem, texts);
  }
}

main();
