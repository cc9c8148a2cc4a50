// The words of the pages, in the language of the visitor. One file a language: texts.en.json. A new language is a new file and a line here.
export const LANGUAGES = { en: "English" };
const CHOSEN = "lah-language";

/** The visitor's language among those that there are: chosen once, or the browser's. */
export function language() {
  const wanted = [localStorage.getItem(CHOSEN) || "", ...navigator.languages];
  return wanted.find((one) => one in LANGUAGES) || wanted.map((one) => one.split("-")[0]).find((one) => one in LANGUAGES) || "en";
}

/** @param {string} chosen */
export function choose(chosen) {
  localStorage.setItem(CHOSEN, chosen);
  location.reload();
}

/** All texts of a folder's file, `/site` for instance. Also says the page's language to screen readers. */
export async function texts(folder = "/site") {
  document.documentElement.lang = language();
  return (await fetch(`${folder}/texts.${language()}.json`)).json();
}
