// The answer of every address without a network, but the recorder's: the recorder opens all the same.
import { show } from "/site/layout.js";
import { texts } from "/site/texts.js";
import { element, link } from "/wrapped/dom.js";

const words = await texts();
const ways = element("p", { class: "row" }, [element("a", { class: "button", href: "/record" }, [words.home.record]), link(location.href, words.failed.again)]);
show({ title: words.failed.offline_title, parts: [element("p", {}, [words.failed.offline]), element("p", {}, [words.record.without_network]), ways], texts: words });
