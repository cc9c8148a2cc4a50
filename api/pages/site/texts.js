// The words of the pages, in the language of the visitor. One file a language: texts.en.json. A new language is a new file and a line here.
import { keep, kept } from "/site/kept.js";

export const LANGUAGES = { en: "English", zh: "简体中文" };
const CHOSEN = "lah-language";
const PATIENCE_MS = 30_000;

/** The visitor's language among those that there are: chosen once, or the browser's. */
export function language() {
  const wanted = [kept(CHOSEN) || "", ...navigator.languages];
  return wanted.find((one) => one in LANGUAGES) || wanted.map((one) => one.split("-")[0]).find((one) => one in LANGUAGES) || "en";
}

/** @param {string} chosen */
export function choose(chosen) {
  keep(CHOSEN, chosen);
  location.reload();
}

// The texts of a language over those of English: a text that is not translated yet is shown in English.
function over(english, own) {
  const found = { ...english };
  for (const [name, text] of Object.entries(own)) found[name] = typeof text === "string" || Array.isArray(text) ? text : over(english[name] || {}, text);
  return found;
}

// The sentences that the two sides answer with are English. Another language has a file of them: answers.zh.json.
let answers = { said: {}, problems: {} };

/** A sentence of an answer in the language of the page. @param {string} english */
export const said = (english) => answers.said[english] || english;

/** A problem of an answer in the language of the page, by its kind. @param {string} kind @param {string} english */
export const problem = (kind, english) => answers.problems[kind] || english;

// The page's own words for failures that no side has words for.
let failed = {};

/** @param {string} name of a failure: nobody answers, or nobody is signed in */
export const failing = (name) => failed[name] || name;

// Before each address: nothing, or the version of this module (api/pages/versions.py).
const PLACE = new URL("..", import.meta.url).pathname.slice(0, -1);

/** @param {string} name of a file of texts. Throws where it does not come, or is none. */
async function load(name) {
  const answer = await fetch(PLACE + name, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.json();
}

// A page without texts of its own shows those that came with it (deploy/generators/pages.py): it is told, and may be tried again.
function late() {
  document.getElementById("late")?.classList.add("now");
}

/**
 * All texts of a folder's file, `/site` for instance. Also says the page's language to screen readers.
 * Throws where they do not come; a page that is not drawn yet has told it then.
 */
export async function texts(folder = "/site") {
  const chosen = language();
  document.documentElement.lang = chosen;
  const english = load(`${folder}/texts.en.json`);
  try {
    const found = chosen === "en" ? await english : await inLanguage(chosen, english, folder);
    failed = found.failed;
    return found;
  } catch (problem) {
    late();
    throw problem;
  }
}

async function inLanguage(chosen, english, folder) {
  const [first, own, told] = await Promise.all([english, load(`${folder}/texts.${chosen}.json`), load(`/site/answers.${chosen}.json`)]);
  answers = told;
  return over(first, own);
}
