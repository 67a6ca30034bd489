// Small arrays as pictures: one canvas pixel a value, enlarged by the stylesheet.

/**
 * Ink on paper: 0 is transparent, 255 the colour of the canvas's text.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values in 0 to 255
 * @param {number} width
 */
export function drawInk(canvas, values, width) {
  const ink = colourOf(canvas);
  paint(canvas, values.length, width, (at) => [...ink, values[at] ?? 0]);
}

/** How full a colour gets behind a number, so that the number stays readable. */
const BEHIND_TEXT = 0.7;

/** Speaks for it, and speaks against it: clear on white and on black. */
const FOR = [58, 106, 240];
const AGAINST = [226, 104, 30];

/**
 * Numbers around zero: blue above, orange below, clear at zero.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values
 * @param {number} width
 * @param {number} scale the value that gets the full colour
 */
export function drawSigned(canvas, values, width, scale) {
  paint(canvas, values.length, width, (at) => signedColour(values[at] ?? 0, scale));
}

/**
 * @param {number} value
 * @param {number} scale
 * @returns {number[]} red, green, blue, opacity; each 0 to 255
 */
export function signedColour(value, scale) {
  const strength = Math.min(1, Math.abs(value) / (scale || 1));
  return [...(value > 0 ? FOR : AGAINST), 255 * strength ** 0.8];
}

/**
 * @param {number} value
 * @param {number} scale
 */
export function signedStyle(value, scale) {
  const [red, green, blue, opacity = 0] = signedColour(value, scale);
  return `rgb(${red} ${green} ${blue} / ${((BEHIND_TEXT * opacity) / 255).toFixed(3)})`;
}

/**
 * The largest distance from zero.
 * @param {ArrayLike<number>} values
 */
export function reach(values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i] ?? 0));
  return most;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} count
 * @param {number} width
 * @param {(at: number) => number[]} colour
 */
function paint(canvas, count, width, colour) {
  const height = count / width;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  for (let at = 0; at < count; at++) image.data.set(colour(at), 4 * at);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/** @param {Element} element */
function colourOf(element) {
  const parts = getComputedStyle(element).color.match(/[\d.]+/g) ?? [];
  return parts.slice(0, 3).map(Number);
}
