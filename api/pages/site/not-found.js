// An address at which there is nothing: what may have been there, and the way back.
import { page, show } from "/site/layout.js";
import { texts } from "/site/texts.js";
import { element } from "/wrapped/dom.js";

await page(await texts(), async (words) => {
  const own = words.not_found;
  const told = location.pathname.startsWith("/share/") ? own.link : own.text;
  show({ title: own.title, parts: [element("p", {}, [told]), element("p", {}, [element("a", { class: "button", href: "/" }, [own.home])])], texts: words });
});
