// Decides when what is written is read: now and then while the pen moves, and at once when it
// lifts. Answers that come too late are dropped.

import { read } from "./service.js";

/** @typedef {import("./service.js").Reading} Reading */
/** @typedef {{certain: boolean, select: "first" | "last"}} How */

const WHILE_WRITING = 150; // milliseconds between readings while the pen moves
const SETTLED = 600; // milliseconds without a change, after which the answer is spoken

/**
 * @param {object} events
 * @param {(reading: Reading | null, how: How) => void} events.onReading
 * @param {() => void} events.onSettled the answer will stay for a while
 * @param {(error: unknown) => void} events.onError
 */
export function createReader({ onReading, onSettled, onError }) {
  let asked = 0; // readings that were begun
  let shown = 0; // the latest of them that was shown
  let running = 0;
  let last = 0; // when the last reading was begun
  let settling = 0;
  let waiting = 0; // for the next reading while the pen moves

  /**
   * @param {() => Promise<Blob>} picture
   * @param {"drawing" | "picture"} source
   * @param {boolean} [unfinished] whether the pen still moves
   */
  const start = async (picture, source, unfinished = false) => {
    const mine = ++asked;
    last = performance.now();
    running += 1;
    window.clearTimeout(settling);
    try {
      const { reading, certain } = await readAs(await picture(), source, unfinished);
      if (mine < shown || (unfinished && !reading.digits.length)) return null;
      shown = mine;
      onReading(reading, { certain, select: source === "drawing" ? "last" : "first" });
      window.clearTimeout(settling);
      settling = window.setTimeout(onSettled, SETTLED);
      return reading;
    } catch (error) {
      if (mine >= shown) onError(error);
      return null;
    } finally {
      running -= 1;
    }
  };

  /** @param {() => Promise<Blob>} picture */
  const whileWriting = (picture) => {
    window.clearTimeout(waiting);
    if (!running && performance.now() - last > WHILE_WRITING) start(picture, "drawing", true);
    else waiting = window.setTimeout(() => whileWriting(picture), WHILE_WRITING);
  };

  return {
    whileWriting,
    /** @param {() => Promise<Blob>} picture */
    now(picture) {
      window.clearTimeout(waiting);
      return start(picture, "drawing");
    },
    /** @param {Blob} file */
    picture: (file) => start(async () => file, "picture"),
    nothing() {
      shown = ++asked;
      window.clearTimeout(waiting);
      window.clearTimeout(settling);
      onReading(null, { certain: true, select: "last" });
    },
  };
}

/**
 * Somebody who draws means a digit: where none is found in the end, all ink is taken for one.
 * @param {Blob} picture
 * @param {"drawing" | "picture"} source
 * @param {boolean} unfinished
 */
async function readAs(picture, source, unfinished) {
  const reading = await read(picture);
  const asIs = reading.digits.length || source === "picture" || unfinished;
  if (asIs) return { reading, certain: true };
  return { reading: await read(picture, true), certain: false };
}
