// Nobody can answer just now: a server is away, or too many people ask. The address is tried again.
import { page, show } from "/site/layout.js";
import { texts } from "/site/texts.js";
import { element, link } from "/wrapped/dom.js";

await page(await texts(), async (words) => {
  const own = words.away;
  const again = element("a", { class: "button", href: location.href }, [words.failed.again]);
  show({ title: own.title, parts: [element("p", {}, [own.text]), element("p", { class: "row" }, [again, link("/", words.failed.home)])], texts: words });
});
