// Whose story: the visitor's own, that of a talk (`?session=`) or that of a group (`?group=`).
import { mustBeSignedIn, signIn, whoAmI } from "/site/session.js";
import { texts as textsOf } from "/site/texts.js";
import { Api } from "/wrapped/api.js";
import { showFailure } from "/wrapped/deck.js";
import { groupStory } from "/wrapped/group.js";
import { joinStory } from "/wrapped/joining.js";
import { ownStory } from "/wrapped/own.js";
import { sessionStory } from "/wrapped/session.js";

function told(api, texts) {
  const asked = new URLSearchParams(location.search);
  const period = asked.get("period") || "year";
  if (asked.has("session")) return sessionStory(api, asked.get("session"), texts);
  if (asked.has("group")) return groupStory(api, asked.get("group"), period, texts);
  return ownStory(api, period, texts);
}

async function main() {
  const texts = await textsOf("/wrapped");
  try {
    const code = new URLSearchParams(location.search).get("join");
    if (code) return joinStory(new Api(), code, await whoAmI(), texts);
    await mustBeSignedIn();
    await told(new Api(), texts);
  } catch (problem) {
    if (/** @type {{status?: number}} */ (problem).status === 401) return signIn();
    showFailure(problem, texts);
  }
}

main();
