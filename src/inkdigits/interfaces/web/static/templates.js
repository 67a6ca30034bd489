// Look inside softmax regression: its weights as ten pictures, and what each says to the digit.

import { make, signedNumber } from "./elements.js";
import { drawSigned, reach } from "./pixels.js";
import { imageOf } from "./network.js";

/** @typedef {import("./onnx.js").Graph} Graph */

/**
 * @param {Graph} graph
 * @param {HTMLElement} list
 * @returns {(pixels: Uint8Array, multiplied: boolean) => void} shows them for a digit
 */
export function showTemplates(graph, list) {
  const layer = graph.nodes.find((node) => node.operation === "Gemm");
  const weights = graph.weights.get(layer?.inputs[1] ?? "");
  const bias = graph.weights.get(layer?.inputs[2] ?? "");
  if (!weights || !bias) throw new Error("this model is no softmax regression");
  const rows = Array.from({ length: 10 }, (_, digit) =>
    weights.data.subarray(784 * digit, 784 * digit + 784),
  );
  const views = rows.map((_, digit) => {
    const canvas = make("canvas", { className: "pixels" });
    canvas.setAttribute("role", "img");
    const sum = make("span", { className: "sum" });
    const item = make("li", {}, canvas, make("p", {}, make("b", {}, String(digit)), sum));
    return { canvas, sum, item };
  });
  list.replaceChildren(...views.map((view) => view.item));

  // The few largest weights lie at the border, where ink is rare; they must not pale the others.
  const scale = shareBelow(weights.data, 0.99);
  return (pixels, multiplied) => {
    const ink = imageOf(pixels).data.map((value) => value + 1); // the network's input: paper is 0
    const products = rows.map((row) => row.map((weight, at) => weight * ink[at]));
    const sums = products.map((row, digit) => row.reduce((a, b) => a + b, bias.data[digit]));
    const top = sums.indexOf(Math.max(...sums));
    const shown = multiplied ? products : rows;
    const limit = shown === rows ? scale : Math.min(scale, reach(products.flatMap((p) => [...p])));
    views.forEach(({ canvas, sum, item }, digit) => {
      drawSigned(canvas, shown[digit], 28, limit);
      const what = shown === rows ? "Weights" : "Weights times pixels";
      canvas.setAttribute("aria-label", `${what} of ${digit}`);
      sum.textContent = signedNumber(sums[digit], 1);
      item.classList.toggle("strongest", digit === top);
    });
  };
}

/**
 * @param {Float32Array} values
 * @param {number} share
 */
function shareBelow(values, share) {
  const sizes = values.map(Math.abs).sort();
  return sizes[Math.floor(share * (sizes.length - 1))];
}
