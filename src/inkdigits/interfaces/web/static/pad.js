// The paper that one writes on: by mouse, finger, pen, or with the arrow keys.
//
// Strokes are kept as points in shares of the paper's width, so that they survive a change of size.

import { bytesOf } from "./service.js";
import { boundsOf, drawStrokes, extentOf } from "./strokes.js";

/** @typedef {import("./strokes.js").Point} Point */
/** @typedef {import("./strokes.js").Stroke} Stroke */
/** @typedef {import("./reader.js").Piece} Piece */

const PEN = 0.032; // width of a stroke, in shares of the paper's width
const MARGIN = 0.08; // around the ink that is read, in shares of the paper's width
const STEP = 0.02; // by which an arrow key moves the pen
const SENT_WIDTH = 336; // pixels of the picture that is read: strokes are 11 wide, reading is quick

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} cursor shows where the pen of the keyboard is
 * @param {object} events
 * @param {() => void} events.onInk while a stroke grows
 * @param {() => void} events.onLift when the pen is lifted, and when ink is taken back
 * @param {(text: string) => void} events.onSay what the keyboard's pen does, for screen readers
 */
export function createPad(canvas, cursor, events) {
  /** @type {Stroke[]} */
  let strokes = [];
  /** @type {Stroke | null} */
  let current = null;
  let pointer = -1;
  const pen = { x: 0.3, y: 0.2, down: false };

  /** @param {PointerEvent} event @returns {Point} */
  const pointOf = (event) => {
    const box = canvas.getBoundingClientRect();
    const pressure = event.pointerType === "pen" ? 0.5 + event.pressure : 1;
    return {
      x: (event.clientX - box.left) / box.width,
      y: (event.clientY - box.top) / box.width,
      width: PEN * pressure,
    };
  };

  const redraw = () => {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    const context = canvas.getContext("2d");
    if (context) drawStrokes(context, strokes, canvas.width, getComputedStyle(canvas).color);
  };

  const begin = (/** @type {Point} */ point) => {
    current = [point];
    strokes.push(current);
  };

  const lift = () => {
    if (!current) return;
    current = null;
    pointer = -1;
    events.onLift();
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || current) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    liftKeyboardPen();
    begin(pointOf(event));
    redraw();
    events.onInk();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer || !current) return;
    const parts = event.getCoalescedEvents?.() ?? [];
    for (const part of parts.length ? parts : [event]) current.push(pointOf(part));
    redraw();
    events.onInk();
  });
  for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) {
    canvas.addEventListener(name, (event) => event.pointerId === pointer && lift());
  }

  const liftKeyboardPen = () => {
    if (!pen.down) return;
    pen.down = false;
    cursor.classList.remove("down");
    lift();
  };

  const showCursor = () => {
    cursor.style.left = `${pen.x * 100}%`;
    cursor.style.top = `${(pen.y * 100 * canvas.clientWidth) / canvas.clientHeight}%`;
  };

  /** @type {Set<string>} */
  const held = new Set();
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key.toLowerCase() === "z") undo();
      return;
    }
    if (event.key.startsWith("Arrow")) {
      held.add(event.key);
      // Two keys held together draw aslant.
      const step = event.shiftKey ? STEP / 4 : STEP;
      const tallest = canvas.clientHeight / canvas.clientWidth;
      const right = Number(held.has("ArrowRight")) - Number(held.has("ArrowLeft"));
      const down = Number(held.has("ArrowDown")) - Number(held.has("ArrowUp"));
      pen.x = Math.min(1, Math.max(0, pen.x + step * right));
      pen.y = Math.min(tallest, Math.max(0, pen.y + step * down));
      showCursor();
      if (pen.down && current) {
        current.push({ x: pen.x, y: pen.y, width: PEN });
        redraw();
        events.onInk();
      }
    } else if (event.key === " ") {
      if (pen.down) {
        liftKeyboardPen();
        events.onSay("Pen lifted");
      } else {
        pen.down = true;
        cursor.classList.add("down");
        begin({ x: pen.x, y: pen.y, width: PEN });
        events.onSay("Pen down");
      }
    } else if (event.key === "Backspace") undo();
    else if (event.key === "Delete") clear();
    else return;
    event.preventDefault();
  });
  canvas.addEventListener("keyup", (event) => held.delete(event.key));
  canvas.addEventListener("focus", showCursor);
  canvas.addEventListener("blur", () => {
    held.clear();
    liftKeyboardPen();
  });

  const undo = () => {
    liftKeyboardPen();
    strokes.pop();
    redraw();
    events.onLift();
  };
  const clear = () => {
    liftKeyboardPen();
    strokes = [];
    redraw();
    events.onLift();
  };

  new ResizeObserver(redraw).observe(canvas);

  return {
    undo,
    clear,
    redraw,
    isEmpty: () => strokes.length === 0,
    /** Whether there is more than a dot. */
    isDrawn: () => strokes.length > 1 || strokes.some((stroke) => extentOf(stroke) > 3 * PEN),
    /**
     * What is written as a PNG, black on white whatever the colours of the page, and where on the
     * paper that is: only the part with ink is sent, which is read sooner.
     *
     * By way of toDataURL: toBlob waits until the browser is idle, up to a second.
     * @returns {Piece}
     */
    piece: () => {
      const height = Math.round((SENT_WIDTH * canvas.clientHeight) / canvas.clientWidth);
      const [left, top, right, bottom] = boundsOf(strokes.flat(), MARGIN, SENT_WIDTH, height);
      const paper = document.createElement("canvas");
      paper.width = right - left;
      paper.height = bottom - top;
      const context = paper.getContext("2d", { willReadFrequently: true });
      if (!context) throw new Error("the browser has no canvas to draw on");
      context.fillStyle = "white";
      context.fillRect(0, 0, paper.width, paper.height);
      context.translate(-left, -top);
      drawStrokes(context, strokes, SENT_WIDTH, "black");
      const [, content] = paper.toDataURL("image/png").split(",");
      const picture = new Blob([bytesOf(content)], { type: "image/png" });
      return { picture, left, top, size: [SENT_WIDTH, height] };
    },
  };
}
