// Reads an ONNX file: its nodes in order, and its weights.
//
// ONNX is a protocol buffer; its wire format (protobuf.dev/programming-guides/encoding) is walked
// field by field. The numbers of the fields are those of onnx.proto.

/**
 * @typedef {object} Tensor
 * @property {number[]} shape
 * @property {Float32Array} data
 */

/**
 * @typedef {object} Node
 * @property {string} operation
 * @property {string[]} inputs
 * @property {string[]} outputs
 * @property {Record<string, number | number[] | Tensor>} attributes
 */

/**
 * @typedef {object} Graph
 * @property {Node[]} nodes in an order in which they can be computed
 * @property {Map<string, Tensor>} weights
 */

const FLOAT = 1;
const INT64 = 7;

/**
 * @param {ArrayBuffer} file
 * @returns {Graph}
 */
export function parseModel(file) {
  const graph = bytes(fieldsOf(new Uint8Array(file)), 7)[0];
  if (!graph) throw new Error("this is not an ONNX file");
  const fields = fieldsOf(graph);
  const weights = new Map(bytes(fields, 5).map(parseWeight));
  return { nodes: bytes(fields, 1).map(parseNode), weights };
}

/**
 * @param {Uint8Array} message
 * @returns {Node}
 */
function parseNode(message) {
  const fields = fieldsOf(message);
  return {
    operation: texts(fields, 4)[0] ?? "",
    inputs: texts(fields, 1),
    outputs: texts(fields, 2),
    attributes: Object.fromEntries(bytes(fields, 5).map(parseAttribute)),
  };
}

/**
 * @param {Uint8Array} message
 * @returns {[string, number | number[] | Tensor]}
 */
function parseAttribute(message) {
  const fields = fieldsOf(message);
  const name = texts(fields, 1)[0] ?? "";
  const kind = whole(fields, 20)[0];
  if (kind === 1) return [name, singles(bytes(fields, 2)[0] ?? new Uint8Array(4))[0] ?? 0];
  if (kind === 2) return [name, whole(fields, 3)[0] ?? 0];
  if (kind === 4) return [name, parseWeight(bytes(fields, 5)[0] ?? new Uint8Array())[1]];
  return [name, whole(fields, 8)];
}

/**
 * @param {Uint8Array} message
 * @returns {[string, Tensor]}
 */
function parseWeight(message) {
  const fields = fieldsOf(message);
  const raw = bytes(fields, 9)[0] ?? bytes(fields, 4)[0] ?? new Uint8Array();
  const kind = whole(fields, 2)[0];
  const data = kind === FLOAT ? singles(raw) : kind === INT64 ? longs(raw) : new Float32Array();
  return [texts(fields, 8)[0] ?? "", { shape: whole(fields, 1), data }];
}

/** @typedef {[number, number | Uint8Array]} Field number, and a whole number or the bytes */

/**
 * @param {Uint8Array} message
 * @returns {Field[]}
 */
function fieldsOf(message) {
  /** @type {Field[]} */
  const fields = [];
  let at = 0;
  /** @returns {number} */
  const varint = () => {
    let value = 0;
    // In floating point: JavaScript's shifts end at 32 bits, and sizes may need more.
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new Error("the ONNX file is cut short");
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const wire = key % 8;
    if (wire === 0) {
      fields.push([Math.floor(key / 8), signed(varint())]);
      continue;
    }
    const length = wire === 2 ? varint() : wire === 1 ? 8 : 4;
    fields.push([Math.floor(key / 8), message.subarray(at, at + length)]);
    at += length;
  }
  return fields;
}

/**
 * Negative numbers are written as their complement to 2 to the power of 64.
 * @param {number} value
 */
function signed(value) {
  return value >= 2 ** 63 ? value - 2 ** 64 : value;
}

/**
 * @param {Field[]} fields
 * @param {number} wanted
 * @returns {Uint8Array[]}
 */
function bytes(fields, wanted) {
  return fields.flatMap(([number, value]) =>
    number === wanted && typeof value !== "number" ? [value] : [],
  );
}

/**
 * @param {Field[]} fields
 * @param {number} wanted
 */
function texts(fields, wanted) {
  return bytes(fields, wanted).map((value) => new TextDecoder().decode(value));
}

/**
 * Whole numbers, one a field or several packed into one.
 * @param {Field[]} fields
 * @param {number} wanted
 * @returns {number[]}
 */
function whole(fields, wanted) {
  return fields.flatMap(([number, value]) => {
    if (number !== wanted) return [];
    return typeof value === "number" ? [value] : unpacked(value);
  });
}

/** @param {Uint8Array} packed */
function unpacked(packed) {
  const values = [];
  let value = 0;
  let factor = 1;
  for (const byte of packed) {
    value += (byte & 127) * factor;
    factor *= 128;
    if (byte < 128) {
      values.push(signed(value));
      value = 0;
      factor = 1;
    }
  }
  return values;
}

/**
 * Whole numbers of 64 bits, such as indices, which are small.
 * @param {Uint8Array} raw little-endian, at any offset
 */
function longs(raw) {
  const copy = raw.slice(0, raw.length - (raw.length % 8));
  return Float32Array.from(new BigInt64Array(copy.buffer), Number);
}

/** @param {Uint8Array} raw little-endian, at any offset */
function singles(raw) {
  const copy = raw.slice(0, raw.length - (raw.length % 4));
  return new Float32Array(copy.buffer);
}
