// Look inside a convolutional network: the maps of every convolution and pooling for the digit.

import { make } from "./elements.js";
import { drawSigned } from "./pixels.js";

/** @typedef {import("./onnx.js").Tensor} Tensor */
/** @typedef {import("./network.js").Stage} Stage */

/**
 * The size that few values surpass: one map that is full must not pale the others.
 * @param {Float32Array} values
 */
function usualReach(values) {
  const sizes = values.map(Math.abs).sort();
  return sizes[Math.floor(0.97 * (sizes.length - 1))];
}

const ORDINALS = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth"];

/**
 * @param {Stage[]} stages
 * @param {HTMLElement} list
 * @param {boolean} choosable whether a map of the first stage can be chosen
 * @param {(map: number) => void} onChoose
 */
export function showMaps(stages, list, choosable, onChoose) {
  const counts = { convolution: 0, pooling: 0 };
  const views = stages.map((stage, at) => {
    const ordinal = ORDINALS[counts[stage.kind]++] ?? "Another";
    const title = make("h4", {}, `${ordinal} ${stage.kind}`);
    const size = make("p", { className: "soft" });
    const grid = make("div", { className: "maps" });
    /** @type {HTMLCanvasElement[]} */
    let canvases = [];
    const item = make("li", {}, make("div", { className: "stage-head" }, title, size), grid);

    const build = (/** @type {number} */ count) => {
      canvases = Array.from({ length: count }, (_, map) => {
        const canvas = make("canvas", { className: "pixels" });
        canvas.setAttribute("aria-hidden", "true");
        if (at > 0 || !choosable) {
          grid.append(canvas);
          return canvas;
        }
        const button = make("button", { type: "button", title: `Filter ${map + 1}` }, canvas);
        button.setAttribute("aria-label", `Follow filter ${map + 1} window by window`);
        button.addEventListener("click", () => onChoose(map));
        grid.append(button);
        return canvas;
      });
      if (at === 0 && choosable) return;
      grid.setAttribute("role", "img");
      const name = `${ordinal.toLowerCase()} ${stage.kind}`;
      grid.setAttribute("aria-label", `${count} maps of the ${name}`);
    };
    return {
      stage,
      item,
      /** @param {Tensor} values */
      draw(values) {
        const [, count, height, width] = values.shape;
        if (!canvases.length) build(count);
        size.textContent = `${count} maps of ${height} × ${width}`;
        const scale = usualReach(values.data);
        canvases.forEach((canvas, map) => {
          const area = height * width;
          drawSigned(canvas, values.data.subarray(map * area, map * area + area), width, scale);
        });
      },
      /** @param {number} chosen */
      mark(chosen) {
        [...grid.children].forEach((child, map) =>
          child.setAttribute("aria-pressed", String(map === chosen)),
        );
      },
    };
  });
  list.replaceChildren(...views.map((view) => view.item));
  return {
    /** @param {Map<string, Tensor>} values */
    draw(values) {
      for (const view of views) {
        const tensor = values.get(view.stage.output);
        if (tensor) view.draw(tensor);
      }
    },
    /** @param {number} map */
    mark: (map) => views[0]?.mark(map),
  };
}
