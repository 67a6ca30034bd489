// A digit to look into before anything is written: a 3, drawn here.

/** @type {Uint8Array | null} */
let drawn = null;

/** 28x28, ink 255 on 0. */
export function exampleDigit() {
  return (drawn ??= drawThree());
}

function drawThree() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 28;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.lineWidth = 2.6;
  context.lineCap = context.lineJoin = "round";
  context.stroke(
    new Path2D("M9.500 7.500 C12 4.500 18.500 4.500 18.500 9 C18.500 12.500 15 13.500 12.500 13.500 C16 13.500 19.500 15 19.500 18.500 C19.500 24 12 24.500 8.500 21.500"),
  );
  const { data } = context.getImageData(0, 0, 28, 28);
  return Uint8Array.from({ length: 784 }, (_, at) => data[4 * at + 3]);
}
