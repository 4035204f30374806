// Markdown as chats use it, made into elements one by one: headings, lists, quotes, code, bold, italic, struck out, links.
// Nothing of what was written is ever read as HTML, and links go to the web or to a mail address and nowhere else.

import { element } from "../base/dom.js";

/** Deeper nesting is shown as it was written. */
const DEEPEST = 6;

const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}([-*_])(?: *\1){2,} *$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^(\s*)([-*+•]|\d{1,9}[.)])\s+(.*)$/;

/**
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function markdown(text) {
  return blocks(text.replace(/\r\n?/g, "\n").split("\n"), 0);
}

/**
 * Plain text in which web addresses are links.
 * @param {string} text
 */
export function linked(text) {
  const made = document.createDocumentFragment();
  let from = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"']+/g)) {
    const url = trimmed(match[0]);
    const link = anchor(url, [url]);
    if (!link) continue;
    made.append(text.slice(from, match.index), link);
    from = match.index + url.length;
  }
  made.append(text.slice(from));
  return made;
}

/**
 * @param {string[]} lines
 * @param {number} depth
 */
function blocks(lines, depth) {
  const made = document.createDocumentFragment();
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    const fence = line.match(FENCE)?.[1];
    const heading = line.match(HEADING);
    if (line.trim() === "") at += 1;
    else if (fence) {
      const end = lines.findIndex((one, index) => index > at && one.trim().startsWith(fence));
      const until = end < 0 ? lines.length : end;
      made.append(element("pre", { tabindex: "0" }, element("code", {}, lines.slice(at + 1, until).join("\n"))));
      at = until + 1;
    } else if (heading) {
      // One level for all, below the chat's own heading: messages begin with any, and a page's outline is no business of who writes.
      made.append(element("p", { class: `h h${Math.min(heading[1].length, 3)}`, role: "heading", "aria-level": "3" }, inline(heading[2], 0)));
      at += 1;
    } else if (RULE.test(line)) {
      made.append(element("hr"));
      at += 1;
    } else if (QUOTE.test(line) && depth < DEEPEST) {
      let until = at;
      while (until < lines.length && QUOTE.test(lines[until])) until += 1;
      made.append(element("blockquote", {}, blocks(lines.slice(at, until).map((one) => one.replace(QUOTE, "")), depth + 1)));
      at = until;
    } else if (ITEM.test(line) && depth < DEEPEST) at = list(lines, at, depth, made);
    else {
      let until = at + 1;
      while (until < lines.length && !begins(lines[until])) until += 1;
      made.append(element("p", {}, inline(lines.slice(at, until).map((one) => one.trim()).join("\n"), 0)));
      at = until;
    }
  }
  return made;
}

/** @param {string} line whether something other than more of a paragraph begins here */
function begins(line) {
  return line.trim() === "" || FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line) || ITEM.test(line);
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @param {number} depth
 * @param {DocumentFragment} into
 * @returns {number} the line after the list
 */
function list(lines, at, depth, into) {
  const [, indent, marker] = /** @type {RegExpMatchArray} */ (lines[at].match(ITEM));
  const ordered = /\d/.test(marker);
  const made = element(ordered ? "ol" : "ul", ordered && marker.slice(0, -1) !== "1" ? { start: String(parseInt(marker, 10)) } : {});
  while (at < lines.length) {
    const item = lines[at].match(ITEM);
    if (!item || item[1].length > indent.length + 1 || item[1].length < indent.length || /\d/.test(item[2]) !== ordered) break;
    const own = [item[3]];
    at += 1;
    // What is indented further belongs to the item, also after an empty line.
    while (at < lines.length) {
      const next = lines[at];
      const inner = next.match(/^\s*/)?.[0].length ?? 0;
      const blank = next.trim() === "";
      const follows = blank && at + 1 < lines.length && (lines[at + 1].match(/^\s*/)?.[0].length ?? 0) > indent.length + 1;
      if (blank ? !follows : inner <= indent.length + 1) break;
      own.push(next.slice(Math.min(inner, indent.length + 2)));
      at += 1;
    }
    made.append(element("li", {}, blocks(own, depth + 1)));
    // An empty line between two items does not end the list.
    if (at + 1 < lines.length && lines[at].trim() === "" && ITEM.test(lines[at + 1])) at += 1;
  }
  into.append(made);
  return at;
}

const MARKS = /** @type {const} */ ([
  ["**", "strong"],
  ["__", "strong"],
  ["~~", "s"],
  ["*", "em"],
  ["_", "em"],
]);

/**
 * @param {string} text
 * @param {number} depth
 * @returns {DocumentFragment}
 */
function inline(text, depth) {
  const made = document.createDocumentFragment();
  let plain = "";
  const put = (/** @type {Node} */ node) => {
    made.append(plain, node);
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const found = depth < DEEPEST ? token(text, at, depth) : null;
    if (found) {
      put(found.node);
      at = found.end;
    } else if (text[at] === "\\" && /[\\`*_~[\]()#+\-.!>|{}]/.test(text[at + 1] ?? "")) {
      plain += text[at + 1];
      at += 2;
    } else if (text[at] === "\n") {
      put(element("br"));
      at += 1;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  made.append(plain);
  return made;
}

/**
 * What begins at this place, if it is more than a character.
 * @param {string} text
 * @param {number} at
 * @param {number} depth
 * @returns {{ node: Node, end: number } | null}
 */
function token(text, at, depth) {
  const first = text[at];
  if (first === "`") {
    const ticks = /** @type {string} */ (text.slice(at).match(/^`+/)?.[0]);
    const end = text.indexOf(ticks, at + ticks.length);
    if (end < 0) return null;
    return { node: element("code", {}, text.slice(at + ticks.length, end).replace(/^ (.+) $/, "$1")), end: end + ticks.length };
  }
  if (first === "[") {
    const match = text.slice(at, at + 4_096).match(/^\[((?:[^[\]\\]|\\.){1,1000})\]\(\s*<?([^\s<>()]+(?:\([^\s()]*\)[^\s<>()]*)*)>?(?:\s+"[^"]*")?\s*\)/);
    const node = match && anchor(match[2], [inline(match[1], depth + 1)]);
    return node ? { node, end: at + match[0].length } : null;
  }
  if (first === "h" && /^https?:\/\//.test(text.slice(at, at + 8)) && !/\w/.test(text[at - 1] ?? "")) {
    const url = trimmed(/** @type {string} */ (text.slice(at).match(/^[^\s<>"'*`]+/)?.[0]));
    const node = anchor(url, [url]);
    return node ? { node, end: at + url.length } : null;
  }
  if (first === "<") {
    const match = text.slice(at, at + 2_048).match(/^<((?:https?:\/\/|mailto:)[^\s<>]+)>/);
    const node = match && anchor(match[1], [match[1].replace(/^mailto:/, "")]);
    return node ? { node, end: at + match[0].length } : null;
  }
  for (const [mark, tag] of MARKS) {
    if (!text.startsWith(mark, at) || /\s/.test(text[at + mark.length] ?? " ")) continue;
    // `snake_case_words` and `2*3*4` are what they are.
    if (mark[0] === "_" && /\w/.test(text[at - 1] ?? "")) continue;
    const end = closing(text, mark, at + mark.length);
    if (end > 0) return { node: element(tag, {}, inline(text.slice(at + mark.length, end), depth + 1)), end: end + mark.length };
  }
  return null;
}

/**
 * @param {string} text
 * @param {string} mark
 * @param {number} from
 */
function closing(text, mark, from) {
  for (let end = text.indexOf(mark, from + 1); end > 0; end = text.indexOf(mark, end + 1)) {
    if (/\s/.test(text[end - 1]) || text[end - 1] === "\\") continue;
    if (mark.length === 1 && (text[end + 1] === mark || text[end - 1] === mark)) continue;
    if (mark[0] === "_" && /\w/.test(text[end + mark.length] ?? "")) continue;
    return end;
  }
  return -1;
}

/**
 * A link, if it goes where links may go.
 * @param {string} url
 * @param {(Node | string)[]} children
 */
export function anchor(url, children) {
  let parsed;
  try {
    parsed = new URL(url);
  } catch {
    return null;
  }
  if (!["http:", "https:", "mailto:"].includes(parsed.protocol)) return null;
  const made = element("a", { href: parsed.href, target: "_blank", rel: "noopener noreferrer nofollow" });
  made.append(...children);
  return made;
}

/** @param {string} url without what ends the sentence around it */
function trimmed(url) {
  const open = (url.match(/\(/g) ?? []).length;
  const bare = url.replace(/[.,;:!?'"*_\]]+$/, "");
  return bare.endsWith(")") && (bare.match(/\)/g) ?? []).length > open ? trimmed(bare.slice(0, -1)) : bare;
}
