// The frame of every page: the way home, the way to everything else, and who is signed in.
import { element, link } from "/wrapped/dom.js";
import { choose, language, LANGUAGES } from "/site/texts.js";
import { lastSignedIn, passes, seemsSignedIn, signIn, signOut } from "/site/session.js";

const main = () => /** @type {HTMLElement} */ (document.getElementById("main"));

function header(me, whole) {
  const texts = whole.layout;
  const ways = me ? [link("/wrapped", texts.wrapped), link("/settings", texts.settings), out(whole)] : [link("/docs", texts.docs), link("/sign-in", texts.sign_in)];
  return element("header", {}, [element("a", { class: "brand", href: "/" }, ["Lahstats"]), element("nav", { "aria-label": texts.nav }, ways)]);
}

// A failure is shown: on a phone of several people nobody is to believe that they are signed out.
export const signOutHere = (texts) => signOut().catch((problem) => showFailure(problem, texts));

function out(texts) {
  const way = link("/", texts.layout.sign_out);
  way.addEventListener("click", (event) => {
    event.preventDefault();
    signOutHere(texts);
  });
  return way;
}

function footer(texts) {
  const ways = [link("/docs", texts.docs)];
  if (Object.keys(LANGUAGES).length > 1) ways.push(languages(texts));
  return element("footer", {}, ways);
}

function languages(texts) {
  const found = element("select", { "aria-label": texts.language }, Object.entries(LANGUAGES).map(([value, name]) => element("option", { value }, [name])));
  found.value = language();
  found.addEventListener("change", () => choose(found.value));
  return found;
}

/**
 * Show a page: its title, and its parts below the heading.
 * @param {{title: string, parts: (Node | string)[], me?: object | null, texts: any}} page
 */
export function show({ title, parts, me = null, texts }) {
  document.title = title === "Lahstats" ? title : `${title} · Lahstats`;
  for (const old of document.querySelectorAll("body > header, body > footer")) old.remove();
  document.body.prepend(header(me, texts));
  document.body.append(footer(texts.layout));
  const heading = element("h1", { tabindex: "-1" }, [title]);
  // Somebody tapped something that goes now: a screen reader goes on at the heading, and not at the top of the page.
  const isTapped = main().contains(document.activeElement);
  main().replaceChildren(heading, ...parts);
  main().removeAttribute("aria-busy");
  if (isTapped) heading.focus();
}

// The recorder needs nobody to answer, where this browser has it. Somebody at a table does not know that.
function recorder(problem, texts) {
  const isThere = problem.status !== 0 || navigator.serviceWorker?.controller;
  if (!isThere || !passes(problem.status) || !lastSignedIn() || location.pathname === "/record") return [];
  return [element("p", {}, [texts.record.without_network]), element("p", {}, [link("/record", texts.home.record)])];
}

/** A failure as a page, with a way on. */
function showFailure(problem, texts) {
  const offline = problem.status === 0;
  const told = offline ? texts.failed.offline : problem.message;
  const again = element("a", { class: "button", href: location.href }, [texts.failed.again]);
  const ways = element("p", {}, [again, " ", link("/", texts.failed.home)]);
  show({ title: offline ? texts.failed.offline_title : texts.failed.title, parts: [element("p", {}, [told]), ways, ...recorder(problem, texts)], me: seemsSignedIn() ? {} : null, texts });
}

/** Draw a page, or what went wrong. `work` gets the texts. */
export async function page(texts, work) {
  try {
    await work(texts);
  } catch (problem) {
    if (/** @type {{status?: number}} */ (problem).status === 401) return signIn();
    showFailure(problem, texts);
  }
}
