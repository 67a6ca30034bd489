// What is on the page at the moment: the digits that were read, which one is looked at, and what
// the person says that they are. Views subscribe; nothing here touches the document.

import { bytesOf } from "./service.js";

/** @typedef {import("./service.js").Reading} Reading */
/** @typedef {import("./service.js").ReadDigit} ReadDigit */

/**
 * @typedef {ReadDigit & {pixels: Uint8Array, certain: boolean}} Digit `certain` is false where the
 *     digit was only read because there had to be one
 */

/** @typedef {{id: number, label: number}} Mended a stored correction */

/** Below this confidence a person should look. */
export const DOUBT = 0.9;

export function createSession() {
  /** @type {Reading | null} */
  let reading = null;
  /** @type {Digit[]} */
  let digits = [];
  let selected = -1;
  /** @type {Map<string, Mended>} by the image, as the same ink is read again and again */
  const mended = new Map();
  /** @type {(() => void)[]} */
  const listeners = [];
  const changed = () => listeners.forEach((listener) => listener());

  return {
    /** @param {() => void} listener */
    subscribe: (listener) => void listeners.push(listener),
    reading: () => reading,
    digits: () => digits,
    selectedIndex: () => selected,
    /** @returns {Digit | undefined} */
    selected: () => digits[selected],

    /**
     * @param {Reading | null} next
     * @param {object} how
     * @param {boolean} how.certain
     * @param {"first" | "last"} how.select which digit to look at, unless one is looked at already
     */
    show(next, { certain, select }) {
      const before = digits.length;
      reading = next;
      digits = (next?.digits ?? []).map((digit) => ({
        ...digit,
        pixels: bytesOf(digit.crop),
        certain,
      }));
      if (selected < 0 || digits.length !== before) {
        selected = select === "first" ? 0 : digits.length - 1;
      }
      selected = Math.min(selected, digits.length - 1);
      changed();
    },
    /** @param {number} index */
    select(index) {
      if (index === selected || !digits[index]) return;
      selected = index;
      changed();
    },
    /** @param {Digit} digit */
    mendedTo: (digit) => mended.get(digit.crop),
    /**
     * @param {string} crop
     * @param {Mended | null} correction
     */
    mend(crop, correction) {
      if (correction) mended.set(crop, correction);
      else mended.delete(crop);
      changed();
    },
    /**
     * Forgets corrections that are no longer stored.
     * @param {Set<number>} stored ids
     */
    keepOnly(stored) {
      for (const [crop, { id }] of mended) if (!stored.has(id)) mended.delete(crop);
      changed();
    },
  };
}

/** @typedef {ReturnType<typeof createSession>} Session */
