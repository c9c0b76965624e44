// What a reader without a mouse, or with weak eyes, would stumble over: returns a list of faults as text.
() => {
  const faults = [];
  const shown = (node) => {
    const style = getComputedStyle(node), box = node.getBoundingClientRect();
    return style.visibility === "visible" && style.display !== "none" && box.width > 1 && box.height > 1 && !node.closest("[aria-hidden=true], [inert]");
  };
  const words = (node) => (node?.textContent || "").trim();
  const named = (node) => {
    const by = (node.getAttribute("aria-labelledby") || "").split(" ").map((id) => words(document.getElementById(id))).join("");
    const label = node.labels ? [...node.labels].map(words).join("") : "";
    return node.getAttribute("aria-label") || by || label || words(node) || node.title || node.placeholder || node.querySelector("img[alt]")?.alt;
  };
  for (const node of document.querySelectorAll("button, a[href], input, select, textarea, [role=button], [role=combobox]")) {
    if (shown(node) && node.type !== "file" && !named(node)) faults.push(`no name: ${node.outerHTML.slice(0, 120)}`);
  }
  let before = 0;
  for (const node of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    if (!shown(node)) continue;
    const level = Number(node.tagName[1]);
    if (level > before + 1 && before > 0) faults.push(`heading skips a level: ${words(node)}`);
    before = level;
  }

  const parse = (text) => { const found = text.match(/[\d.]+/g)?.map(Number) || [0, 0, 0, 0]; return [...found.slice(0, 3), found[3] ?? 1]; };
  const over = (top, below) => [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3])).concat(1);
  const behind = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const bright = (colour) => {
    const [red, green, blue] = colour.slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const node = text.parentElement;
    if (!text.data.trim() || !shown(node) || node.closest("script, style, canvas, svg, [disabled], [aria-disabled=true]")) continue;
    let opacity = 1;
    for (let at = node; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
    if (opacity === 0) continue;
    const style = getComputedStyle(node), ground = behind(node), ink = parse(style.color);
    const pair = [bright(over([...ink.slice(0, 3), ink[3] * opacity], ground)), bright(ground)].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.6 && Number(style.fontWeight) >= 600);
    if (ratio < (large ? 3 : 4.5)) faults.push(`contrast ${ratio.toFixed(1)}: ${text.data.trim().slice(0, 60)}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) faults.push("the page is wider than its window");
  return [...new Set(faults)];
}
