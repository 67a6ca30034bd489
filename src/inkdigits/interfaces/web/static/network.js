// Computes a network in plain JavaScript, keeping every value on the way.

import { ACTIVATIONS, numbers, OPERATIONS, required } from "./operations.js";

/** @typedef {import("./onnx.js").Tensor} Tensor */
/** @typedef {import("./onnx.js").Graph} Graph */

/**
 * A convolution or pooling, with the maps that it gives.
 * @typedef {object} Stage
 * @property {"convolution" | "pooling"} kind
 * @property {string} input the name of what it works on
 * @property {string} raw the name of what it gives itself
 * @property {string} output the name of the same after the activation, if one follows
 * @property {boolean} plain whether its window goes pixel by pixel and stays inside the picture
 * @property {Tensor | null} filters of a convolution: [maps, channels, height, width]
 * @property {Tensor | null} bias
 */

/** What a network calls its input. */
export const IMAGE = "img";

/**
 * Every value of the network for one image.
 * @param {Graph} graph
 * @param {Tensor} image [1, 1, 28, 28] in [-1, 1]
 * @param {string} [until] the last value that is wanted; all of them if not given
 * @returns {Map<string, Tensor>}
 */
export function compute(graph, image, until) {
  const values = new Map(graph.weights);
  values.set(IMAGE, image);
  for (const node of graph.nodes) {
    const operation = OPERATIONS[node.operation];
    if (!operation) throw new Error(`the page can't compute ${node.operation}`);
    const inputs = node.inputs.map((name) => required(values.get(name), name));
    values.set(required(node.outputs[0], "an output"), operation(inputs, node));
    if (node.outputs[0] === until) break;
  }
  return values;
}

/**
 * The image that a network takes, from what it saw.
 * @param {Uint8Array} crop 28x28, ink 255 on 0
 * @returns {Tensor}
 */
export function imageOf(crop) {
  return { shape: [1, 1, 28, 28], data: Float32Array.from(crop, (value) => value / 127.5 - 1) };
}

/**
 * The convolutions and poolings in order. An activation that follows belongs to the stage.
 * @param {Graph} graph
 * @returns {Stage[]}
 */
export function stagesOf(graph) {
  return graph.nodes.flatMap((node) => {
    const kind = node.operation === "Conv" ? "convolution" : "pooling";
    if (kind === "pooling" && !node.operation.endsWith("Pool")) return [];
    const output = required(node.outputs[0], "an output");
    const after = graph.nodes.find((other) => other.inputs[0] === output);
    const activated = after && after.operation in ACTIVATIONS ? after.outputs[0] : undefined;
    const weight = (/** @type {number} */ at) => graph.weights.get(node.inputs[at] ?? "") ?? null;
    return [
      {
        kind,
        input: required(node.inputs[0], "an input"),
        raw: output,
        output: activated ?? output,
        plain: [...numbers(node.attributes.pads), ...numbers(node.attributes.strides)].every(
          (value, at, all) => value === (at < all.length - 2 ? 0 : 1),
        ),
        filters: kind === "convolution" ? weight(1) : null,
        bias: kind === "convolution" ? weight(2) : null,
      },
    ];
  });
}
