// Decides when what is written is read: now and then while the pen moves, and at once when it
// lifts. Answers that come too late are dropped.

import { read } from "./service.js";

/** @typedef {import("./service.js").Reading} Reading */

/**
 * A picture to read, and of which part of a larger one it was cut.
 * @typedef {object} Piece
 * @property {Blob} picture
 * @property {number} left in pixels
 * @property {number} top
 * @property {[number, number]} size of the larger one; that of the picture itself if 0, 0
 */

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
   * @param {Piece} piece
   * @param {"drawing" | "picture"} source
   * @param {boolean} [unfinished] whether the pen still moves
   */
  const start = async (piece, source, unfinished = false) => {
    const mine = ++asked;
    last = performance.now();
    running += 1;
    window.clearTimeout(settling);
    try {
      const { reading, certain } = await readAs(piece, source, unfinished);
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

  /** @param {() => Piece} piece */
  const whileWriting = (piece) => {
    window.clearTimeout(waiting);
    if (!running && performance.now() - last > WHILE_WRITING) start(piece(), "drawing", true);
    else waiting = window.setTimeout(() => whileWriting(piece), WHILE_WRITING);
  };

  return {
    whileWriting,
    /** @param {Piece} piece */
    now(piece) {
      window.clearTimeout(waiting);
      return start(piece, "drawing");
    },
    /** @param {Blob} picture */
    picture: (picture) => start({ picture, left: 0, top: 0, size: [0, 0] }, "picture"),
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
 * @param {Piece} piece
 * @param {"drawing" | "picture"} source
 * @param {boolean} unfinished
 */
async function readAs(piece, source, unfinished) {
  const reading = await read(piece.picture);
  const asIs = reading.digits.length || source === "picture" || unfinished;
  if (asIs) return { reading: placed(reading, piece), certain: true };
  return { reading: placed(await read(piece.picture, true), piece), certain: false };
}

/**
 * The reading in pixels of what the piece was cut from.
 * @param {Reading} reading
 * @param {Piece} piece
 * @returns {Reading}
 */
function placed(reading, { left, top, size }) {
  /**
   * @template {{box: [number, number, number, number]}} Boxed
   * @param {Boxed} boxed
   */
  const moved = (boxed) => {
    const [x, y, width, height] = boxed.box;
    return { ...boxed, box: /** @type {Boxed["box"]} */ ([x + left, y + top, width, height]) };
  };
  return {
    ...reading,
    digits: reading.digits.map(moved),
    rejected: reading.rejected.map(moved),
    size: size[0] ? size : reading.size,
  };
}
