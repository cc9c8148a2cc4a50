// Documents for those who go on: the APIs of both sides, SQL for analysts, and the state of everything for operators.
import { page, show } from "/site/layout.js";
import { ME, read, readAhead, whoAmI } from "/site/session.js";
import { said, texts } from "/site/texts.js";
import { element, fill, link, list, moment } from "/wrapped/dom.js";

const SIDES = ["api", "gateway"];
const HEALTH = "/docs/health.json";
const PATIENCE_MS = 10_000;

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
    ...questions.flatMap((one) => [element("h3", {}, [said(one.question)]), element("pre", { tabindex: "0" }, [element("code", {}, [one.sql])])]),
  ];
}

function part(one, words) {
  const { stage, as_of: time } = one.values || {};
  const values = { stage, as_of: time && moment(time), reasons: (one.reasons || []).join(words.and) };
  const state = element("span", { class: one.works ? "chip" : "chip bad" }, [one.works ? words.works : words.fails]);
  return element("span", {}, [element("strong", {}, [fill(words.parts[one.name], values)]), " ", state, element("br"), fill(words.says[one.says], values)]);
}

// Whether a side answers at all: a refusal is an answer too.
async function answers(name, path) {
  const found = await fetch(path, { signal: AbortSignal.timeout(PATIENCE_MS) }).then((answer) => answer.status < 500, () => false);
  return { name, works: found, says: found ? "answers" : "silent" };
}

async function known(me) {
  const [front, write, found] = await Promise.all([answers("front_door", "/front-door"), answers("write_side", "/docs/gateway.json"), me ? read(HEALTH) : { parts: [] }]);
  return [front, write, ...found.parts];
}

async function operators(me, words) {
  const parts = list("list", (await known(me)).map((one) => part(one, words)));
  const more = me ? [] : [element("p", {}, [link("/sign-in?after=/docs/operators", words.sign_in)])];
  const links = list("list", words.links.map(([name, told]) => element("span", {}, [element("code", {}, [name]), " ", element("span", { class: "soft" }, [told])])));
  return [element("p", {}, [words.why]), element("h2", {}, [words.health]), parts, ...more, element("h2", {}, [words.further]), links];
}

readAhead(ME);
await page(await texts(), async (words) => {
  const own = words.docs;
  const which = location.pathname.split("/")[2] || "";
  const me = await whoAmI().catch(() => null);
  const drawn = { "": () => index(own), api: () => apis(own), analysts: () => analysts(own.analysts), operators: () => operators(me, own.operators) };
  show({ title: which ? own[which].title : own.title, parts: await (drawn[which] || drawn[""])(), me, texts: words });
});
