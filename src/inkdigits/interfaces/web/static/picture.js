// A picture from elsewhere: chosen, photographed, dropped or pasted.

const LARGEST = 9_000_000; // bytes; the service refuses more than 10 MB
const LONGEST = 3000; // pixels of the longer side after shrinking

/**
 * Takes pictures from every way in.
 * @param {HTMLInputElement[]} inputs of type file
 * @param {HTMLElement} veil is shown while something is dragged over the page
 * @param {(file: Blob, name: string) => void} onPicture
 */
export function takePictures(inputs, veil, onPicture) {
  /** @param {FileList | undefined | null} files */
  const takeFirst = (files) => {
    const file = files?.[0];
    if (file) onPicture(file, file.name);
    return Boolean(file);
  };
  for (const input of inputs) {
    input.addEventListener("change", () => {
      takeFirst(input.files);
      input.value = ""; // the same file may be chosen again
    });
  }
  document.addEventListener("paste", (event) => {
    if (takeFirst(event.clipboardData?.files)) event.preventDefault();
  });
  let inside = 0; // dragenter and dragleave come for each element
  const holdsFiles = (/** @type {DragEvent} */ event) =>
    event.dataTransfer?.types.includes("Files") ?? false;
  document.addEventListener("dragenter", (event) => {
    if (!holdsFiles(event)) return;
    inside += 1;
    veil.hidden = false;
  });
  document.addEventListener("dragleave", (event) => {
    if (!holdsFiles(event)) return;
    inside -= 1;
    veil.hidden = inside <= 0;
  });
  document.addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    inside = 0;
    veil.hidden = true;
    if (takeFirst(event.dataTransfer?.files)) event.preventDefault();
  });
}

/**
 * Shows a picture upright; false where the browser can't (TIFF, PDF, HEIC), which the service can.
 * @param {HTMLCanvasElement} canvas
 * @param {Blob} file
 */
export async function showPicture(canvas, file) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return false;
  const scale = Math.min(1, 1600 / Math.max(bitmap.width, bitmap.height));
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return true;
}

/**
 * Blank paper of the picture's shape, where it can't be shown.
 * @param {HTMLCanvasElement} canvas
 * @param {[number, number]} size
 */
export function showBlank(canvas, [width, height]) {
  const scale = Math.min(1, 1600 / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
}

/**
 * The same picture, small enough for the service.
 * @param {Blob} file
 * @returns {Promise<Blob>}
 */
export async function withinLimit(file) {
  if (file.size <= LARGEST) return file;
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return file; // the service says that it is too large
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve) =>
    canvas.toBlob((blob) => resolve(blob ?? file), "image/jpeg", 0.92),
  );
}
