// The operations of a network, in plain JavaScript, for one image at a time.
//
// A tensor is [1, channels, height, width] or [1, features]. The operations are those of ONNX
// (onnx.ai/onnx/operators), as far as the networks that look at digits need them.

/** @typedef {import("./onnx.js").Tensor} Tensor */
/** @typedef {import("./onnx.js").Node} Node */

/** @type {Record<string, (value: number) => number>} */
export const ACTIVATIONS = {
  Relu: (value) => Math.max(0, value),
  Tanh: Math.tanh,
  Sigmoid: (value) => 1 / (1 + Math.exp(-value)),
};

/** @type {Record<string, (inputs: Tensor[], node: Node) => Tensor>} */
export const OPERATIONS = {
  ...Object.fromEntries(
    Object.entries(ACTIVATIONS).map(([name, change]) => [name, ([x]) => each(needed(x), change)]),
  ),
  Conv: ([x, filters, bias], node) => convolve(needed(x), needed(filters), bias, node),
  MaxPool: ([x], node) => pool(needed(x), node, Math.max, -Infinity, 1),
  AveragePool: ([x], node) => {
    const [height = 1, width = 1] = numbers(node.attributes.kernel_shape);
    return pool(needed(x), node, (a, b) => a + b, 0, height * width);
  },
  BatchNormalization: (inputs, node) => normaliseBatch(inputs, node),
  Flatten: ([x]) => ({ shape: [1, needed(x).data.length], data: needed(x).data }),
  Gemm: ([x, weights, bias]) => multiply(needed(x), needed(weights), needed(bias)),
  Add: ([x, y]) => combine(needed(x), needed(y), (a, b) => a + b),
  Div: ([x, y]) => combine(needed(x), needed(y), (a, b) => a / b),
  Identity: ([x]) => needed(x),
  // Of a row of values: some of them, or one.
  Slice: ([x, from, to]) => {
    const data = needed(x).data.slice(needed(from).data[0], needed(to).data[0]);
    return { shape: [1, data.length], data };
  },
  Gather: ([x, at]) => ({ shape: [1], data: Float32Array.of(needed(x).data[needed(at).data[0]]) }),
  Constant: (_, node) => /** @type {Tensor} */ (node.attributes.value),
  Softmax: ([x]) => softmax(needed(x)),
};

/**
 * @param {Tensor} x [1, channels, height, width]
 * @param {Tensor} filters [maps, channels of a group, size, size]
 * @param {Tensor | undefined} bias [maps]
 * @param {Node} node
 * @returns {Tensor}
 */
function convolve(x, filters, bias, node) {
  const [maps = 0, channels = 0, tall = 0, wide = 0] = filters.shape;
  const mapsInGroup = (maps * channels) / (x.shape[1] ?? channels);
  const padded = pad(x, numbers(node.attributes.pads));
  const [, , height = 0, width = 0] = padded.shape;
  const [down = 1, right = 1] = numbers(node.attributes.strides);
  const rows = Math.floor((height - tall) / down) + 1;
  const columns = Math.floor((width - wide) / right) + 1;
  const data = new Float32Array(maps * rows * columns);
  for (let map = 0; map < maps; map++) {
    const start = map * rows * columns;
    data.fill(bias?.data[map] ?? 0, start, start + rows * columns);
    const first = Math.floor(map / mapsInGroup) * channels;
    for (let channel = 0; channel < channels; channel++) {
      for (let i = 0; i < tall * wide; i++) {
        const weight = filters.data[(map * channels + channel) * tall * wide + i] ?? 0;
        const from = ((first + channel) * height + Math.floor(i / wide)) * width + (i % wide);
        for (let row = 0; row < rows; row++) {
          const line = from + row * down * width;
          for (let column = 0; column < columns; column++) {
            const at = start + row * columns + column;
            data[at] = data[at] + weight * padded.data[line + column * right];
          }
        }
      }
    }
  }
  return { shape: [1, maps, rows, columns], data };
}

/**
 * @param {Tensor} x [1, channels, height, width]
 * @param {number[]} pads top, left, bottom, right
 * @returns {Tensor}
 */
function pad(x, pads) {
  if (!pads.some(Boolean)) return x;
  const [top = 0, left = 0, bottom = 0, right = 0] = pads;
  const [, channels = 0, height = 0, width = 0] = x.shape;
  const [tall, wide] = [height + top + bottom, width + left + right];
  const data = new Float32Array(channels * tall * wide);
  for (let line = 0; line < channels * height; line++) {
    const [channel, row] = [Math.floor(line / height), line % height];
    const values = x.data.subarray(line * width, (line + 1) * width);
    data.set(values, (channel * tall + row + top) * wide + left);
  }
  return { shape: [1, channels, tall, wide], data };
}

/**
 * @param {Tensor} x
 * @param {Node} node
 * @param {(a: number, b: number) => number} join
 * @param {number} first
 * @param {number} divisor
 * @returns {Tensor}
 */
function pool(x, node, join, first, divisor) {
  const [, channels = 0, height = 0, width = 0] = x.shape;
  const [tall = 1, wide = 1] = numbers(node.attributes.kernel_shape);
  const [down = 1, right = 1] = numbers(node.attributes.strides);
  const [rows, columns] = [
    Math.floor((height - tall) / down) + 1,
    Math.floor((width - wide) / right) + 1,
  ];
  const data = Float32Array.from({ length: channels * rows * columns }, (_, at) => {
    const [map, place] = [Math.floor(at / (rows * columns)), at % (rows * columns)];
    const [top, left] = [Math.floor(place / columns) * down, (place % columns) * right];
    let value = first;
    for (let i = 0; i < tall * wide; i++) {
      const row = map * height + top + Math.floor(i / wide);
      value = join(value, x.data[row * width + left + (i % wide)] ?? 0);
    }
    return value / divisor;
  });
  return { shape: [1, channels, rows, columns], data };
}

/**
 * @param {Tensor[]} inputs values, scale, shift, mean, variance
 * @param {Node} node
 * @returns {Tensor}
 */
function normaliseBatch([x, scale, shift, mean, variance], node) {
  const values = needed(x);
  const [, channels = 1] = values.shape;
  const area = values.data.length / channels;
  const epsilon = Number(node.attributes.epsilon ?? 1e-5);
  const data = values.data.map((value, at) => {
    const map = Math.floor(at / area);
    const spread = Math.sqrt(needed(variance).data[map] + epsilon);
    const centred = value - needed(mean).data[map];
    return (centred / spread) * needed(scale).data[map] + needed(shift).data[map];
  });
  return { shape: values.shape, data };
}

/**
 * @param {Tensor} x [1, features]
 * @param {Tensor} weights [outputs, features]
 * @param {Tensor} bias [outputs]
 * @returns {Tensor}
 */
function multiply(x, weights, bias) {
  const features = x.data.length;
  const data = bias.data.map((start, output) => {
    let sum = start;
    for (let i = 0; i < features; i++) sum += x.data[i] * weights.data[output * features + i];
    return sum;
  });
  return { shape: [1, data.length], data };
}

/**
 * @param {Tensor} x
 * @returns {Tensor}
 */
function softmax(x) {
  const highest = Math.max(...x.data);
  const powers = x.data.map((value) => Math.exp(value - highest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return { shape: x.shape, data: powers.map((power) => power / sum) };
}

/**
 * @param {Tensor} x
 * @param {Tensor} y of the same shape, or one number
 * @param {(a: number, b: number) => number} join
 * @returns {Tensor}
 */
function combine(x, y, join) {
  const one = y.data.length === 1;
  const data = x.data.map((value, at) => join(value, needed(y.data[one ? 0 : at])));
  return { shape: x.shape, data };
}

/**
 * @param {Tensor} x
 * @param {(value: number) => number} change
 * @returns {Tensor}
 */
function each(x, change) {
  return { shape: x.shape, data: x.data.map(change) };
}

/**
 * @param {number | number[] | Tensor | undefined} attribute
 * @returns {number[]}
 */
export function numbers(attribute) {
  return Array.isArray(attribute) ? attribute : [];
}

/**
 * @template T
 * @param {T | undefined} value
 * @returns {T}
 */
function needed(value) {
  return required(value, "an input");
}

/**
 * @template T
 * @param {T | undefined} value
 * @param {string} name
 * @returns {T}
 */
export function required(value, name) {
  if (value === undefined) throw new Error(`the network lacks ${name}`);
  return value;
}
