// What the page asks of the service, and the words in which it answers.

import { askForToken, tokenHeader } from "./token.js";

/**
 * A digit as the service reads it; `crop` is what the network saw, 28x28 bytes in base64.
 * @typedef {object} ReadDigit
 * @property {number} value
 * @property {number} confidence
 * @property {[number, number, number, number]} box left, top, width, height in pixels
 * @property {number} row
 * @property {number} group a wide gap ends a group
 * @property {string} crop
 */

/**
 * @typedef {object} Reading
 * @property {string[]} rows
 * @property {ReadDigit[]} digits
 * @property {{box: [number, number, number, number], reason: string}[]} rejected
 * @property {[number, number]} size width and height of the picture
 */

/**
 * @typedef {object} Model
 * @property {string} name
 * @property {string} network
 * @property {number} parameters
 * @property {{accuracy: number} | null} test
 * @property {boolean} isBest whether it is what the service calls `best`
 */

/**
 * @typedef {object} Correction
 * @property {number} id
 * @property {string} image 28x28 bytes in base64
 * @property {number} read
 * @property {number} label
 * @property {string} made
 */

/** What went wrong, in a line that can be shown as it is. */
export class ServiceError extends Error {}

/**
 * @param {Blob} picture
 * @param {boolean} single whether it holds exactly one digit
 * @returns {Promise<Reading>}
 */
export async function read(picture, single = false) {
  const answer = await ask(`v1/read?crops=1${single ? "&single=1" : ""}`, {
    method: "POST",
    // What it is, the service finds out by looking; the name of a file may lie.
    headers: { "Content-Type": "application/octet-stream" },
    body: picture,
  });
  return answer.json();
}

/**
 * The probabilities that a model gives the ten digits.
 * @param {string} model
 * @param {Uint8Array} crop 28x28
 * @returns {Promise<number[]>}
 */
export async function classify(model, crop) {
  const answer = await ask(`v1/classify?model=${encodeURIComponent(model)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ images: [rowsOf(crop)] }),
  });
  return (await answer.json()).digits[0].probabilities;
}

/**
 * The models of the service, the least accurate first. `best` is another name of one of them, so
 * that one is marked instead of being listed twice; one in int8 is another one, only smaller.
 * @returns {Promise<Model[]>}
 */
export async function listModels() {
  /** @type {Model[]} */
  const listed = (await (await ask("v1/models")).json()).models;
  const same = (/** @type {Model} */ model) => JSON.stringify({ ...model, name: "" });
  const best = listed.find(({ name }) => name === "best");
  const others = listed.filter(({ name }) => name !== "best" && !name.endsWith("-int8"));
  const models = best && others.some((model) => same(model) === same(best)) ? others : listed;
  return models
    .map((model) => ({ ...model, isBest: best !== undefined && same(model) === same(best) }))
    .sort((a, b) => (a.test?.accuracy ?? 1) - (b.test?.accuracy ?? 1));
}

/**
 * The model file itself, as it came out of training.
 * @param {string} model
 */
export async function fetchModel(model) {
  return (await ask(`v1/models/${encodeURIComponent(model)}/file`)).arrayBuffer();
}

/** @returns {Promise<{corrections: Correction[], count: number, location: string}>} */
export async function listCorrections() {
  return (await ask("v1/corrections")).json();
}

/**
 * @param {{image: string, read: number, label: number}} correction
 * @returns {Promise<Correction>}
 */
export async function addCorrection(correction) {
  const answer = await ask("v1/corrections", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(correction),
  });
  return answer.json();
}

/** @param {number} id */
export async function deleteCorrection(id) {
  await ask(`v1/corrections/${id}`, { method: "DELETE" });
}

/** The corrections as a data set that training takes, an .npz file. */
export async function exportCorrections() {
  return (await ask("v1/corrections/export")).blob();
}

export async function deleteAllCorrections() {
  await ask("v1/corrections", { method: "DELETE" });
}

/**
 * The bytes behind base64.
 * @param {string} text
 */
export function bytesOf(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** @param {Uint8Array} crop */
function rowsOf(crop) {
  return Array.from({ length: 28 }, (_, row) => [...crop.subarray(28 * row, 28 * row + 28)]);
}

/**
 * @param {string} path
 * @param {{method?: string, headers?: Record<string, string>, body?: BodyInit}} [options]
 * @returns {Promise<Response>}
 */
async function ask(path, options) {
  let answer;
  try {
    const headers = { ...options?.headers, ...tokenHeader() };
    answer = await fetch(path, { ...options, headers });
  } catch {
    throw new ServiceError("The service does not answer. Is it still running?");
  }
  if (answer.status === 401) {
    await askForToken();
    return ask(path, options);
  }
  if (!answer.ok) {
    const problem = await answer.json().catch(() => null);
    throw new ServiceError(problem?.detail ?? `The service answers ${answer.status}.`);
  }
  return answer;
}
