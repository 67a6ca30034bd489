// Strokes of a pen: their extent, and how they are drawn.

/** @typedef {{x: number, y: number, width: number}} Point in shares of the paper's width */
/** @typedef {Point[]} Stroke */

/**
 * The longer side of a stroke's box.
 * @param {Stroke} stroke
 */
export function extentOf(stroke) {
  const { left, top, right, bottom } = boxOf(stroke);
  return Math.max(right - left, bottom - top);
}

/** @param {Point[]} points */
function boxOf(points) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y } of points) {
    box.left = Math.min(box.left, x);
    box.top = Math.min(box.top, y);
    box.right = Math.max(box.right, x);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}

/**
 * The part of the paper around some points, with a margin, in whole pixels.
 * @param {Point[]} points
 * @param {number} margin in shares of the width
 * @param {number} width of the paper in pixels
 * @param {number} height
 * @returns {[number, number, number, number]} left, top, right, bottom
 */
export function boundsOf(points, margin, width, height) {
  const box = boxOf(points);
  const start = (/** @type {number} */ share) => Math.max(0, Math.floor((share - margin) * width));
  const end = (/** @type {number} */ share) => Math.ceil((share + margin) * width);
  return [
    start(box.left),
    start(box.top),
    Math.min(width, end(box.right)),
    Math.min(height, end(box.bottom)),
  ];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke[]} strokes
 * @param {number} scale pixels of the paper's width
 * @param {string} colour
 */
export function drawStrokes(context, strokes, scale, colour) {
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = colour;
  for (const stroke of strokes) {
    let [from] = stroke;
    // A dot is a line of no length; curves go through the middles between points.
    let start = from;
    for (const point of stroke.length > 1 ? stroke.slice(1) : stroke) {
      const middle = { x: (from.x + point.x) / 2, y: (from.y + point.y) / 2 };
      context.beginPath();
      context.lineWidth = scale * point.width;
      context.moveTo(scale * start.x, scale * start.y);
      context.quadraticCurveTo(scale * from.x, scale * from.y, scale * middle.x, scale * middle.y);
      context.stroke();
      start = { ...middle, width: point.width };
      from = point;
    }
    context.beginPath();
    context.moveTo(scale * start.x, scale * start.y);
    context.lineTo(scale * from.x, scale * from.y);
    context.stroke();
  }
}
