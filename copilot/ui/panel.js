// The source panel: listens for citation markers and draws the source that a marker names.
// Everything of documents is set as text, never as HTML.

const KEPT_PAGES = 12;
const ZOOMS = [1, 1.4, 2, 3];
const states = new WeakMap();

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function narrow() {
  return window.matchMedia("(max-width: 640px)").matches;
}

function dark(node) {
  const parts = getComputedStyle(node).backgroundColor.match(/\d+(\.\d+)?/g) || [255, 255, 255];
  return Number(parts[0]) + Number(parts[1]) + Number(parts[2]) < 384;
}

// One page image, kept for a while: [object URL, width and height in points, pages].
async function pageImage(state, source, page, zoom) {
  const query = new URLSearchParams({ document: source.document, sha256: source.sha256, page, zoom: zoom > 1 ? 2 : 1 });
  const url = `${state.data.base}/reader/page?${query}`;
  const kept = state.pages.get(url);
  if (kept) return kept;
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(String(response.status));
  const number = (name) => Number(response.headers.get(name));
  const image = { src: URL.createObjectURL(await response.blob()), width: number("X-Page-Width"),
    height: number("X-Page-Height"), pages: number("X-Page-Count") };
  state.pages.set(url, image);
  if (state.pages.size > KEPT_PAGES) {
    const [oldest, old] = state.pages.entries().next().value;
    state.pages.delete(oldest);
    URL.revokeObjectURL(old.src);
  }
  return image;
}

function drawBoxes(sheet, source, page, image) {
  for (const item of source.boxes) {
    if (item.page !== page) continue;
    const [x0, y0, x1, y1] = item.box;
    const box = make("div", "box");
    box.dataset.box = item.box.join(" ");
    box.style.left = `${(100 * x0) / image.width}%`;
    box.style.top = `${(100 * y0) / image.height}%`;
    box.style.width = `${(100 * (x1 - x0)) / image.width}%`;
    box.style.height = `${(100 * (y1 - y0)) / image.height}%`;
    sheet.append(box);
  }
}

async function drawPage(state) {
  const { source, page, zoom, view } = state;
  const turn = ++state.turn;
  let image;
  try {
    image = await pageImage(state, source, page, zoom);
  } catch {
    if (turn === state.turn) view.replaceChildren(make("p", "state", state.data.texts.page_failed));
    return;
  }
  const picture = make("img");
  picture.alt = fill(state.data.texts.page_alt, { page, title: source.title });
  picture.src = image.src;
  await picture.decode().catch(() => {});
  if (turn !== state.turn) return;
  const sheet = make("div", "sheet");
  sheet.style.width = `${zoom * 100}%`;
  sheet.append(picture);
  drawBoxes(sheet, source, page, image);
  view.replaceChildren(sheet);
  state.count = image.pages;
  updateBar(state);
  const first = sheet.querySelector(".box");
  if (first) {
    view.scrollTop = Math.max(0, first.offsetTop - view.clientHeight / 3);
    view.scrollLeft = Math.max(0, first.offsetLeft - 24);
  }
}

function tableRow(item) {
  const row = make("tr", item.quoted ? "quoted" : "");
  for (const cell of item.parts.map((part) => part[0]).join("").split("\t")) row.append(make("td", "", cell));
  return row;
}

// The context of rows is their caption, a line break, their header cells parted by tabs.
function startTable(context, nodes) {
  const [caption, header] = context.split("\n");
  if (caption) nodes.push(make("p", "context", caption));
  const table = make("table");
  if (header) {
    const row = make("tr");
    for (const cell of header.split("\t")) row.append(make("th", "", cell));
    table.append(row);
  }
  nodes.push(table);
  return table;
}

function block(item) {
  const kinds = { title: "title", list_item: "item" };
  const numbered = item.kind === "list_item" && /^\s*\d+[.)]/.test(item.parts[0][0]);
  const line = make("p", numbered ? "" : kinds[item.kind] || "");
  for (const [text, quoted] of item.parts) line.append(quoted ? make("mark", "", text) : text);
  return line;
}

function drawElements(view, found, texts) {
  const nodes = [];
  let table = null, context = null;
  for (const item of found.elements) {
    if (item.kind !== "table_row") {
      table = null;
      nodes.push(block(item));
      continue;
    }
    if (!table || item.context !== context) {
      context = item.context;
      table = startTable(context, nodes);
    }
    table.append(tableRow(item));
  }
  if (found.before) nodes.unshift(make("p", "more", "…"));
  if (found.after) nodes.push(make("p", "more", "…"));
  view.replaceChildren(...(nodes.length ? nodes : [make("p", "state", texts.text_gone)]));
  const first = view.querySelector("mark, tr.quoted");
  if (first) view.scrollTop = Math.max(0, first.offsetTop - view.clientHeight / 3);
}

async function loadElements(state) {
  const { source, view } = state;
  const turn = ++state.turn;
  const body = JSON.stringify({ document: source.document, sha256: source.sha256, quote: source.quote, page: source.page });
  let found = null;
  try {
    const response = await fetch(`${state.data.base}/reader/elements`,
      { method: "POST", headers: { "Content-Type": "application/json" }, credentials: "same-origin", body });
    if (response.ok) found = await response.json();
  } catch { /* told below */ }
  if (turn !== state.turn) return;
  if (found) drawElements(view, found, state.data.texts);
  else view.replaceChildren(make("p", "state", state.data.texts.text_gone));
}

function updateBar(state) {
  const { bar, page, count, zoom, data } = state;
  bar.page.textContent = fill(data.texts.page_of, { page, count: count || "…" });
  bar.previous.disabled = page <= 1;
  bar.next.disabled = !count || page >= count;
  bar.smaller.disabled = zoom <= ZOOMS[0];
  bar.larger.disabled = zoom >= ZOOMS[ZOOMS.length - 1];
}

function button(label, text, act) {
  const node = make("button", "", text);
  node.type = "button";
  node.setAttribute("aria-label", label);
  node.title = label;
  node.addEventListener("click", act);
  return node;
}

function drawBar(state) {
  const { texts } = state.data;
  const step = (change) => () => { state.page += change; updateBar(state); drawPage(state); };
  const scale = (change) => () => {
    state.zoom = ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, ZOOMS.indexOf(state.zoom) + change))];
    updateBar(state);
    drawPage(state);
  };
  const bar = make("div", "bar");
  state.bar = { page: make("span", "page"), previous: button(texts.page_previous, "‹", step(-1)),
    next: button(texts.page_next, "›", step(1)), smaller: button(texts.zoom_out, "−", scale(-1)),
    larger: button(texts.zoom_in, "+", scale(1)) };
  bar.append(state.bar.page, state.bar.previous, state.bar.next, state.bar.smaller, state.bar.larger);
  updateBar(state);
  return bar;
}

function drawTabs(state) {
  const tabs = make("div", "tabs");
  tabs.setAttribute("role", "group");
  tabs.setAttribute("aria-label", state.data.texts.sources);
  const labels = new Map();
  for (const source of state.data.sources) {
    if (source.group === state.source.group && !labels.has(source.label)) labels.set(source.label, source);
  }
  for (const [label, source] of labels) {
    const tab = button(fill(state.data.texts.marker_label, { number: label, title: source.title }), label,
      () => open(state, source.key));
    tab.setAttribute("aria-pressed", String(label === state.source.label));
    tabs.append(tab);
  }
  return tabs;
}

function drawQuotes(state) {
  const { source, data } = state;
  const nodes = [make("p", "label", `${data.texts.original} · ${source.language.toUpperCase()}`)];
  const quote = make("blockquote", "", source.quote.replace(/\t/g, " · "));
  quote.lang = source.language;
  nodes.push(quote);
  if (source.translated) {
    nodes.push(make("p", "label", data.texts.translation), make("blockquote", "translated", source.translated));
  }
  return nodes;
}

function draw(state) {
  const { source, panel, data } = state;
  const top = make("div", "top");
  const shut = button(data.texts.close, "✕", () => close(state));
  shut.className = "close";
  top.append(drawTabs(state), shut);
  const title = make("h2", "", source.title);
  title.tabIndex = -1;
  const badges = make("div", "badges");
  for (const [text, colour] of [...source.badges, [source.language.toUpperCase(), "gray"]]) {
    const badge = make("span", "badge", text);
    badge.style.background = `var(--st-${colour}-background-color)`;
    badge.style.color = `var(--st-${colour}-text-color)`;
    badges.append(badge);
  }
  const paged = source.boxes.length > 0;
  state.view = make("div", paged ? "view sheets" : "view text");
  state.view.tabIndex = 0;
  state.view.setAttribute("role", "region");
  state.view.setAttribute("aria-label", source.title);
  state.view.append(make("p", "state", data.texts.loading));
  const parts = [make("div", "grip"), top, title, badges, ...drawQuotes(state)];
  if (source.locator) parts.push(make("p", "where", source.locator));
  if (paged) parts.push(drawBar(state));
  panel.replaceChildren(...parts, state.view);
  if (paged) drawPage(state);
  else loadElements(state);
}

function mark(state) {
  const known = new Map(state.data.sources.map((source) => [`#cite-${source.key}`, source]));
  for (const link of document.querySelectorAll('a[href^="#cite-"]')) {
    const source = known.get(link.getAttribute("href"));
    if (source && !link.hasAttribute("aria-label")) {
      link.setAttribute("role", "button");
      link.setAttribute("aria-label", fill(state.data.texts.marker_label, { number: source.label, title: source.title }));
      link.removeAttribute("target");
    }
    const active = !state.panel.hidden && source && source.key === state.source?.key;
    if (active !== link.hasAttribute("data-active")) link.toggleAttribute("data-active", Boolean(active));
  }
}

function open(state, key, byMarker) {
  const source = state.data.sources.find((item) => item.key === key);
  if (!source) return false;
  Object.assign(state, { source, page: source.boxes[0]?.page ?? source.page, zoom: 1, count: 0 });
  state.panel.hidden = false;
  state.panel.classList.toggle("dark", dark(state.panel));
  state.panel.setAttribute("aria-label", fill(state.data.texts.marker_label, { number: source.label, title: source.title }));
  draw(state);
  mark(state);
  if (byMarker) state.panel.querySelector("h2").focus({ preventScroll: true });
  return true;
}

function close(state) {
  state.panel.hidden = true;
  state.turn++;
  mark(state);
  const link = state.source && document.querySelector(`a[href="#cite-${CSS.escape(state.source.key)}"]`);
  link?.focus({ preventScroll: true });
}

async function copy(state, link) {
  const text = state.data.copies[link.getAttribute("href").slice("#copy-".length)];
  if (text === undefined) return;
  await navigator.clipboard.writeText(text).catch(() => {});
  link.setAttribute("data-copied", "");
  setTimeout(() => link.removeAttribute("data-copied"), 1600);
}

function listen(state) {
  const click = (event) => {
    const link = event.target.closest?.('a[href^="#cite-"], a[href^="#copy-"]');
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (link.getAttribute("href").startsWith("#copy-")) copy(state, link);
    else open(state, link.getAttribute("href").slice("#cite-".length), true);
  };
  const key = (event) => {
    if (event.key === "Escape" && !state.panel.hidden) close(state);
    const link = event.key === " " && event.target.closest?.('a[href^="#cite-"][role="button"]');
    if (link) { event.preventDefault(); link.click(); }
  };
  let waiting = 0;
  const observer = new MutationObserver(() => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => mark(state));
  });
  document.addEventListener("click", click, true);
  document.addEventListener("keydown", key);
  observer.observe(document.body, { childList: true, subtree: true });
  return () => {
    document.removeEventListener("click", click, true);
    document.removeEventListener("keydown", key);
    observer.disconnect();
    for (const image of state.pages.values()) URL.revokeObjectURL(image.src);
    state.pages.clear();
  };
}

function begin(parent) {
  const panel = make("section", "panel");
  panel.hidden = true;
  panel.setAttribute("aria-live", "off");
  const scrim = make("div", "scrim");
  parent.replaceChildren(...parent.querySelectorAll("style"), panel, scrim);
  const state = { panel, turn: 0, pages: new Map(), zoom: 1, auto: "" };
  scrim.addEventListener("click", () => close(state));
  return state;
}

// A new answer is brought into sight, and on wide screens its first source is opened.
function follow(state) {
  const { auto, focus, lang } = state.data;
  document.documentElement.lang = lang;
  if (auto && auto !== state.auto) {
    state.auto = auto;
    if (!narrow()) open(state, auto);
    if (focus) document.querySelector(`.st-key-${focus}`)?.scrollIntoView({ block: "start" });
  } else if (state.source && !state.panel.hidden && !state.data.sources.some((item) => item.key === state.source.key)) {
    close(state);
  }
}

export default function ({ data, parentElement }) {
  let state = states.get(parentElement);
  if (!state || !parentElement.contains(state.panel)) {
    state = begin(parentElement);
    states.set(parentElement, state);
  }
  state.data = data;
  state.unlisten?.();
  state.unlisten = listen(state);
  follow(state);
  mark(state);
  return () => { state.unlisten?.(); state.unlisten = null; };
}
