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
    new Path2D(
      "M9.5 7.5 C12 4.5 18.5 4.5 18.5 9 C18.5 12.5 15 13.5 12.5 13.5" +
        " C16 13.5 19.5 15 19.5 18.5 C19.5 24 12 24.5 8.5 21.5",
    ),
  );
  const { data } = context.getImageData(0, 0, 28, 28);
  return Uint8Array.from({ length: 784 }, (_, at) => data[4 * at + 3]);
}
