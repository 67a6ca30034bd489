// Boxes over the paper or the picture: where each digit was found, and how sure it is.

import { make, percent } from "./elements.js";
import { nameOf, valueOf } from "./answer.js";
import { DOUBT } from "./session.js";

/** @typedef {import("./session.js").Session} Session */

const NARROW = 44; // pixels; in a narrower box the confidence has no room
const TINY = 38; // pixels; over digits that are less tall labels are small

/**
 * @param {Session} session
 * @param {HTMLElement} layer lies exactly over what was read
 * @param {(index: number) => void} onChoose
 */
export function showBoxes(session, layer, onChoose) {
  const draw = () => {
    const reading = session.reading();
    if (!reading) return layer.replaceChildren();
    const [width, height] = reading.size;
    const shown = layer.clientWidth / width;
    const heights = session.digits().map(({ box }) => box[3] * shown).sort((a, b) => a - b);
    const isTiny = heights[Math.floor(heights.length / 2)] < TINY;
    const boxes = session.digits().map((digit, at) => {
      const states = ["box"];
      if (at === session.selectedIndex()) states.push("selected");
      if (session.mendedTo(digit)) states.push("mended");
      else if (digit.confidence < DOUBT || !digit.certain) states.push("doubtful");
      // Where there is little room, only a doubtful digit says how sure it is.
      const roomy = digit.box[2] * shown >= NARROW;
      const asked = roomy || digit.confidence < DOUBT;
      const label = make("span", { className: "label" }, String(valueOf(session, digit)));
      if (asked && !session.mendedTo(digit)) {
        label.append(make("small", {}, ` ${percent(digit.confidence)}`));
      }
      label.classList.toggle("below", asked && !roomy);
      label.classList.toggle("tiny", isTiny);
      const box = make("button", { type: "button", className: states.join(" "), tabIndex: -1 });
      box.append(label);
      box.title = nameOf(session, digit);
      box.setAttribute("aria-label", `Digit ${at + 1}: ${nameOf(session, digit)}`);
      box.addEventListener("click", () => onChoose(at));
      place(box, digit.box, width, height);
      return box;
    });
    const rejected = reading.rejected
      .filter((region) => region.reason !== "too small" && region.reason !== "line")
      .map((region) => {
        const box = make("div", { className: "box rejected", title: `Left out: ${region.reason}` });
        place(box, region.box, width, height);
        return box;
      });
    layer.replaceChildren(...rejected, ...boxes);
  };
  session.subscribe(draw);
  new ResizeObserver(draw).observe(layer);
}

/**
 * @param {HTMLElement} element
 * @param {[number, number, number, number]} box
 * @param {number} width
 * @param {number} height
 */
function place(element, [left, top, wide, tall], width, height) {
  element.style.left = `${(100 * left) / width}%`;
  element.style.top = `${(100 * top) / height}%`;
  element.style.width = `${(100 * wide) / width}%`;
  element.style.height = `${(100 * tall) / height}%`;
}
