// Documents for those who go on: the APIs of both sides, SQL for analysts, and the state of everything for operators.
import { page, show } from "/site/layout.js";
import { read, whoAmI } from "/site/session.js";
import { texts } from "/site/texts.js";
import { element, link, list } from "/wrapped/dom.js";

const SIDES = ["api", "gateway"];

function index(words) {
  const ways = ["api", "analysts", "operators"].map((one) => element("span", {}, [link(`/docs/${one}`, words[one].title), " ", element("span", { class: "soft" }, [words[one].about])]));
  return [element("p", {}, [words.about]), list("list", ways)];
}

function schemaName(content) {
  const schema = Object.values(content || {})[0]?.schema;
  return schema?.$ref ? schema.$ref.split("/").pop() : schema?.type || "";
}

function parameters(found, words) {
  if (!found?.length) return [];
  const rows = found.map((one) => element("tr", {}, [element("th", { scope: "row" }, [element("code", {}, [one.name])]), element("td", {}, [one.required ? words.required : words.optional]), element("td", {}, [one.description || one.schema?.type || ""])]));
  return [element("table", {}, [element("caption", { class: "unseen" }, [words.parameters]), element("tbody", {}, rows)])];
}

function operation(method, path, told, words) {
  const answers = Object.entries(told.responses).filter(([status]) => status < "300").map(([status, one]) => `${status} ${schemaName(one.content)}`.trim());
  const body = told.requestBody ? [element("p", {}, [`${words.body}: `, element("code", {}, [schemaName(told.requestBody.content) || Object.keys(told.requestBody.content)[0]])])] : [];
  return element("details", {}, [
    element("summary", {}, [element("code", {}, [`${method.toUpperCase()} ${path}`])]),
    element("p", {}, [told.description || told.summary || ""]), ...parameters(told.parameters, words), ...body,
    element("p", { class: "soft" }, [`${words.answers}: ${answers.join(", ")}`]),
  ]);
}

async function apis(words) {
  const documents = await Promise.all(SIDES.map((side) => read(`/docs/${side}.json`)));
  return [
    element("p", {}, [words.api.why]), element("pre", { tabindex: "0" }, [element("code", {}, [words.api.example.replaceAll("{origin}", location.origin)])]),
    ...documents.flatMap((document, n) => [
      element("h2", {}, [document.info.title]), element("p", {}, [link(`/docs/${SIDES[n]}.json`, words.api.document)]),
      ...Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, told]) => operation(method, path, told, words.api))),
    ]),
  ];
}

async function analysts(words) {
  const { questions } = await read("/site/cookbook.json");
  return [
    element("p", {}, [words.why]), element("h2", {}, [words.connect]), element("p", {}, [words.connect_how]), element("pre", { tabindex: "0" }, [element("code", {}, [words.connect_example])]),
    element("h2", {}, [words.cookbook]),
    ...questions.flatMap((one) => [element("h3", {}, [one.question]), element("pre", { tabindex: "0" }, [element("code", {}, [one.sql])])]),
  ];
}

function parts(health, words) {
  return list("list", health.parts.map((one) => element("span", {}, [element("strong", {}, [one.name]), " ", element("span", { class: one.works ? "good" : "bad" }, [one.works ? words.works : words.fails]), one.says ? ` ${one.says}` : ""])));
}

// Whether a side answers at all: a refusal is an answer too.
async function answers(name, path, words) {
  const found = await fetch(path).then((answer) => answer.status < 500, () => false);
  return { name, works: found, says: found ? words.answers : words.silent };
}

async function known(me, words) {
  const own = [await answers(words.front_door, "/front-door", words), await answers(words.write_side, "/docs/gateway.json", words)];
  return me ? [...own, ...(await read("/docs/health.json")).parts] : own;
}

async function operators(me, words) {
  const health = { parts: await known(me, words) };
  const more = me ? [] : [element("p", {}, [link("/sign-in?after=/docs/operators", words.sign_in)])];
  const links = list("list", words.links.map(([address, text]) => (address.startsWith("http") ? link(address, text) : element("code", {}, [text]))));
  return [element("p", {}, [words.why]), element("h2", {}, [words.health]), parts(health, words), ...more, element("h2", {}, [words.further]), links];
}

await page(await texts(), async (words) => {
  const own = words.docs;
  const which = location.pathname.split("/")[2] || "";
  const me = await whoAmI().catch(() => null);
  const drawn = { "": () => index(own), api: () => apis(own), analysts: () => analysts(own.analysts), operators: () => operators(me, own.operators) };
  show({ title: which ? own[which].title : own.title, parts: await (drawn[which] || drawn[""])(), me, texts: words });
});
