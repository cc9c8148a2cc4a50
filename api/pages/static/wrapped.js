// Whose story: the visitor's own, that of a talk (`?session=`) or that of a group (`?group=`).
import { mustBeSignedIn, signIn, whoAmI } from "/site/session.js";
import { texts as textsOf } from "/site/texts.js";
import { Api } from "/wrapped/api.js";
import { showFailure } from "/wrapped/deck.js";
import { groupStory } from "/wrapped/group.js";
import { joinStory } from "/wrapped/joining.js";
import { ownStory } from "/wrapped/own.js";
import { sessionStory } from "/wrapped/session.js";

function told(api, me, texts) {
  const asked = new URLSearchParams(location.search);
  const period = asked.get("period") || "year";
  if (asked.has("session")) return sessionStory(api, me, asked.get("session"), texts);
  if (asked.has("group")) return groupStory(api, me, asked.get("group"), period, texts);
  return ownStory(api, me, period, texts);
}

async function main() {
  const texts = await textsOf("/wrapped");
  try {
    const code = new URLSearchParams(location.search).get("join");
    if (code) return joinStory(new Api(), code, await whoAmI(), texts);
    await told(new Api(), await mustBeSignedIn(), texts);
  } catch (problem) {
    if (/** @type {{status?: number}} */ (problem).status === 401) return signIn();
    showFailure(problem, texts);
  }
}

main();
