// The first time: a name, a time zone, and what others may see. Nobody has agreed to anything before.
import { page, show } from "/site/layout.js";
import { profileForm } from "/site/profile.js";
import { localPath, ME, mustBeSignedIn, read, readAhead } from "/site/session.js";
import { texts } from "/site/texts.js";
import { element, go } from "/wrapped/dom.js";

const NAME = "/auth/name";

readAhead(ME, NAME);
await page(await texts(), async (words) => {
  const me = await mustBeSignedIn();
  const suggested = await read(NAME);
  const after = localPath(new URLSearchParams(location.search).get("after"));
  const form = profileForm(me, words.profile, { suggested, save: words.welcome.go, done: () => go(after) });
  show({ title: words.welcome.title, parts: [element("p", {}, [words.welcome.why]), form], me, texts: words });
});
