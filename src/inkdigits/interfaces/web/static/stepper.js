// One convolution, window by window: window times filter, added up, is one value of the map.

import { make, signedNumber } from "./elements.js";
import { drawInk, drawSigned, reach, signedStyle } from "./pixels.js";

/** @typedef {import("./network.js").Stage} Stage */
/** @typedef {import("./onnx.js").Tensor} Tensor */

/**
 * @typedef {object} Scene
 * @property {Uint8Array} pixels
 * @property {Tensor} image
 * @property {Stage} stage the first convolution
 * @property {Tensor} result of it, before any activation
 * @property {number} filter which of its filters is followed
 */

const PAUSE = 90; // milliseconds a window while it plays

/**
 * @param {object} page
 * @param {HTMLCanvasElement} page.input
 * @param {HTMLElement} page.inputFrame
 * @param {HTMLElement} page.window
 * @param {HTMLElement} page.filter
 * @param {HTMLElement} page.products
 * @param {HTMLElement} page.equation
 * @param {HTMLCanvasElement} page.map
 * @param {HTMLElement} page.mapFrame
 * @param {HTMLInputElement} page.position
 * @param {HTMLButtonElement} page.back
 * @param {HTMLButtonElement} page.play
 * @param {HTMLButtonElement} page.forward
 */
export function createStepper(page) {
  /** @type {Scene | null} */
  let scene = null;
  let at = 24 * 8 + 12; // amid the digit, so that there is something to see at first
  let timer = 0;
  const grids = [page.window, page.filter, page.products].map((grid) => {
    const cells = Array.from({ length: 25 }, () => make("span"));
    grid.replaceChildren(...cells);
    return cells;
  });

  const draw = () => {
    if (!scene) return;
    const { pixels, image, stage, result, filter } = scene;
    const [, , , side] = result.shape; // 24
    const [row, column] = [Math.floor(at / side), at % side];
    const filters = stage.filters?.data ?? new Float32Array();
    const weights = filters.subarray(25 * filter, 25 * filter + 25);
    const bias = stage.bias?.data[filter] ?? 0;
    const window = Float32Array.from(
      weights,
      (_, i) => image.data[28 * (row + Math.floor(i / 5)) + column + (i % 5)],
    );
    const products = window.map((value, i) => value * weights[i]);
    const sum = products.reduce((a, b) => a + b, 0);
    const values = result.data.subarray(filter * side * side, (filter + 1) * side * side);

    drawInk(page.input, pixels, 28);
    move(page.inputFrame, row / 28, column / 28, 5 / 28);
    fillInk(grids[0], window);
    fill(grids[1], weights, reach(weights));
    fill(grids[2], products, reach(weights));
    const written = values.map((value, i) => (i <= at ? value : 0));
    drawSigned(page.map, written, side, reach(result.data));
    move(page.mapFrame, row / side, column / side, 1 / side);
    page.equation.replaceChildren(
      make("span", {}, `Row ${row + 1}, column ${column + 1}: `),
      make("span", {}, `sum ${signedNumber(sum)} `),
      make("span", {}, `${bias < 0 ? "−" : "+"} bias ${Math.abs(bias).toFixed(2)} = `),
      make("b", {}, signedNumber(sum + bias)),
    );
    page.position.max = String(side * side - 1);
    page.position.value = String(at);
    page.position.setAttribute("aria-valuetext", page.equation.textContent ?? "");
    page.back.disabled = at === 0;
    page.forward.disabled = at === side * side - 1;
  };

  const last = () => Number(page.position.max);
  const go = (/** @type {number} */ to) => {
    at = Math.max(0, Math.min(last(), to));
    draw();
    if (at === last()) stop();
  };
  const stop = () => {
    window.clearInterval(timer);
    timer = 0;
    page.play.textContent = "Play";
  };
  page.back.addEventListener("click", () => go(at - 1));
  page.forward.addEventListener("click", () => go(at + 1));
  page.play.addEventListener("click", () => {
    if (timer) return stop();
    if (at === last()) at = 0;
    page.play.textContent = "Pause";
    timer = window.setInterval(() => go(at + 1), PAUSE);
  });
  page.position.addEventListener("input", () => go(Number(page.position.value)));
  // A click into the picture or the map goes there.
  page.map.addEventListener("click", (event) => go(placeIn(page.map, event, 24, 0)));
  page.input.addEventListener("click", (event) => go(placeIn(page.input, event, 28, 2)));

  return {
    /**
     * @param {Uint8Array} pixels
     * @param {Tensor} image
     * @param {Stage} stage the first convolution
     * @param {Tensor} result of it, before any activation
     */
    show(pixels, image, stage, result) {
      const filter = scene?.filter ?? 0;
      scene = { pixels, image, stage, result, filter };
      draw();
    },
    /** @param {number} filter */
    choose(filter) {
      if (scene) scene.filter = filter;
      stop();
      draw();
    },
    filter: () => scene?.filter ?? 0,
  };
}

/**
 * @param {HTMLElement[]} cells
 * @param {Float32Array} values
 * @param {number} scale
 */
function fill(cells, values, scale) {
  cells.forEach((cell, i) => {
    cell.textContent = signedNumber(values[i], 1);
    cell.style.backgroundColor = signedStyle(values[i], scale);
  });
}

/**
 * The window looks as it does in the picture.
 * @param {HTMLElement[]} cells
 * @param {Float32Array} values paper -1, ink +1
 */
function fillInk(cells, values) {
  cells.forEach((cell, i) => {
    const ink = (values[i] + 1) / 2;
    // On the greys in the middle neither dark nor light numbers could be read; they are left out.
    const share = ink > 0.5 ? 30 + 70 * ink : 72 * ink;
    cell.textContent = signedNumber(values[i], 1);
    cell.style.setProperty("--ink-share", `${Math.round(share)}%`);
    cell.className = ink > 0.5 ? "inked" : "";
  });
}

/**
 * @param {HTMLElement} frame
 * @param {number} top
 * @param {number} left
 * @param {number} side each in shares of the picture
 */
function move(frame, top, left, side) {
  frame.style.top = `${100 * top}%`;
  frame.style.left = `${100 * left}%`;
  frame.style.width = frame.style.height = `${100 * side}%`;
}

/**
 * The window at a click.
 * @param {HTMLElement} element
 * @param {MouseEvent} event
 * @param {number} side in pixels of the picture
 * @param {number} middle of a window
 */
function placeIn(element, event, side, middle) {
  const box = element.getBoundingClientRect();
  const of = (/** @type {number} */ share) =>
    Math.max(0, Math.min(23, Math.floor(share * side) - middle));
  const row = of((event.clientY - box.top) / box.height);
  return 24 * row + of((event.clientX - box.left) / box.width);
}
