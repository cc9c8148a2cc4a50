// Whose story: the visitor's own, that of a talk (`?session=`) or that of a group (`?group=`).
import { ME, mustBeSignedIn, readAhead, signIn, whoAmI } from "/site/session.js";
import { texts as textsOf } from "/site/texts.js";
import { Api } from "/wrapped/api.js";
import { showFailure } from "/wrapped/deck.js";
import { groupReads, groupStory } from "/wrapped/group.js";
import { joinStory } from "/wrapped/joining.js";
import { ownReads, ownStory } from "/wrapped/own.js";
import { sessionReads, sessionStory } from "/wrapped/session.js";

const asked = new URLSearchParams(location.search);
const period = asked.get("period") || "year";

function told(api, me, texts) {
  if (asked.has("session")) return sessionStory(api, me, asked.get("session"), texts);
  if (asked.has("group")) return groupStory(api, me, asked.get("group"), period, texts);
  return ownStory(api, me, period, texts);
}

// The answers that a story reads first.
function reads() {
  if (asked.has("join")) return [];
  if (asked.has("session")) return sessionReads(asked.get("session"));
  if (asked.has("group")) return groupReads(asked.get("group"), period);
  return ownReads(period);
}

async function main() {
  readAhead(ME, ...reads());
  const texts = await textsOf("/wrapped");
  try {
    const code = asked.get("join");
    if (code) return joinStory(new Api(), code, await whoAmI(), texts);
    await told(new Api(), await mustBeSignedIn(), texts);
  } catch (problem) {
    if (/** @type {{status?: number}} */ (problem).status === 401) return signIn();
    showFailure(problem, texts);
  }
}

main();
