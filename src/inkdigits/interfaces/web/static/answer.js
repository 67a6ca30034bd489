// The answer: the number in large digits, each a button, and how sure the reading is.

import { make, percent } from "./elements.js";
import { DOUBT } from "./session.js";

/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./session.js").Digit} Digit */

/**
 * @param {Session} session
 * @param {HTMLElement} number
 * @param {HTMLElement} summary
 */
export function showAnswer(session, number, summary) {
  const draw = () => {
    const digits = session.digits();
    const focused = number.contains(document.activeElement);
    const rows = Math.max(1, ...digits.map((digit) => digit.row + 1));
    const longest = Math.max(...Array.from({ length: rows }, (_, row) => widthOf(digits, row)));
    // Many rows are set smaller than a single one would be.
    number.style.setProperty("--longest", String(Math.max(longest, 4 * Math.sqrt(rows))));
    number.replaceChildren(
      ...Array.from({ length: rows }, (_, row) =>
        make(
          "div",
          { className: "row" },
          ...digits.flatMap((digit, at) => (digit.row === row ? [button(session, at)] : [])),
        ),
      ),
    );
    if (focused) chosen(number)?.focus({ preventScroll: true });
  };
  session.subscribe(() => {
    draw();
    summary.textContent = summarise(session);
  });
  number.addEventListener("click", (event) => {
    const digit = event.target instanceof HTMLElement ? event.target.dataset.at : undefined;
    if (digit === undefined) return;
    session.select(Number(digit));
    chosen(number)?.focus();
  });
  number.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    session.select(session.selectedIndex() + step);
  });
  draw();
}

/**
 * The reading in a sentence, for the line under the number and for screen readers.
 * @param {Session} session
 */
export function summarise(session) {
  const reading = session.reading();
  const digits = session.digits();
  if (!reading) return "The answer appears here.";
  if (!digits.length) {
    const reasons = [...new Set(reading.rejected.map((region) => region.reason))];
    return `No digit found${reasons.length ? ` (${reasons.join(", ")})` : ""}.`;
  }
  const least = Math.min(...digits.map((digit) => digit.confidence));
  const doubtful = digits.filter((digit) => digit.confidence < DOUBT).length;
  if (!digits[0].certain) return `Perhaps a ${digits[0].value}: ${percent(least)} sure.`;
  if (digits.length === 1) return `${percent(least)} sure.`;
  return doubtful
    ? `${digits.length} digits, ${doubtful} of them to be checked.`
    : `${digits.length} digits, each at least ${percent(least)} sure.`;
}

/** @param {HTMLElement} number */
export function chosen(number) {
  return /** @type {HTMLButtonElement | null} */ (number.querySelector("[aria-pressed=true]"));
}

/**
 * What a digit is taken for: what was read, or what the person says.
 * @param {Session} session
 * @param {Digit} digit
 */
export function valueOf(session, digit) {
  return session.mendedTo(digit)?.label ?? digit.value;
}

/**
 * @param {Session} session
 * @param {Digit} digit
 */
export function nameOf(session, digit) {
  const mended = session.mendedTo(digit);
  if (mended) return `${mended.label}, corrected from ${digit.value}`;
  return `${digit.value}, ${percent(digit.confidence)} sure`;
}

/**
 * @param {Session} session
 * @param {number} at
 */
function button(session, at) {
  const digit = session.digits()[at];
  const isSelected = at === session.selectedIndex();
  const states = ["digit"];
  if (startsGroup(session.digits(), at)) states.push("gap");
  if (session.mendedTo(digit)) states.push("mended");
  else if (digit.confidence < DOUBT || !digit.certain) states.push("doubtful");
  const element = make(
    "button",
    { type: "button", className: states.join(" "), tabIndex: isSelected ? 0 : -1 },
    String(valueOf(session, digit)),
  );
  element.setAttribute("aria-pressed", String(isSelected));
  element.setAttribute("aria-label", nameOf(session, digit));
  element.title = nameOf(session, digit);
  element.dataset.at = String(at);
  return element;
}

/**
 * @param {Digit[]} digits
 * @param {number} at
 */
function startsGroup(digits, at) {
  const before = digits[at - 1];
  return before !== undefined && before.row === digits[at].row && before.group !== digits[at].group;
}

/**
 * How wide a row is, in digits.
 * @param {Digit[]} digits
 * @param {number} row
 */
function widthOf(digits, row) {
  const gaps = digits.filter((digit, at) => digit.row === row && startsGroup(digits, at));
  return digits.filter((digit) => digit.row === row).length + 0.45 * gaps.length;
}
