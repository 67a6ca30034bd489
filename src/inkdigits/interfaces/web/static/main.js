// Puts the page together: what is written or shown is read, and every view follows the session.

import { chosen, showAnswer, summarise, valueOf } from "./answer.js";
import { showBoxes } from "./boxes.js";
import { compareModels } from "./comparison.js";
import { correctDigits, listCorrections } from "./correcting.js";
import { find } from "./elements.js";
import { offerInside } from "./inside.js";
import { createPad } from "./pad.js";
import { showBlank, showPicture, takePictures, withinLimit } from "./picture.js";
import { drawInk } from "./pixels.js";
import { createReader } from "./reader.js";
import { listModels } from "./service.js";
import { createSession } from "./session.js";
import { offerThemes, onTheme } from "./theme.js";

const element = (/** @type {string} */ id) => find(id, HTMLElement);
const button = (/** @type {string} */ id) => find(id, HTMLButtonElement);

const session = createSession();
const paper = element("paper");
const pictureCanvas = find("picture", HTMLCanvasElement);
const padCanvas = find("pad", HTMLCanvasElement);

// Messages
const live = element("live");
const errorLine = element("error");
/** @param {string} text */
const say = (text) => void (live.textContent = text);
/** @param {unknown} error */
const fail = (error) => {
  errorLine.textContent = error instanceof Error ? error.message : String(error);
  errorLine.hidden = false;
};

// Reading
const reader = createReader({
  onReading(reading, how) {
    errorLine.hidden = true;
    session.show(reading, how);
  },
  onSettled() {
    const rows = session.reading()?.rows.join(", then ") ?? "";
    if (session.reading()) say(rows ? `Read ${rows}. ${summarise(session)}` : summarise(session));
  },
  onError: fail,
});

const pad = createPad(padCanvas, element("cursor"), {
  onInk() {
    element("hint").classList.add("gone");
    if (pad.isDrawn()) reader.whileWriting(pad.piece);
  },
  onLift() {
    element("hint").classList.toggle("gone", !pad.isEmpty());
    if (pad.isEmpty()) reader.nothing();
    else reader.now(pad.piece());
  },
  onSay: say,
});
button("undo").addEventListener("click", pad.undo);
button("clear").addEventListener("click", pad.clear);

// Pictures from elsewhere
/** @param {boolean} showing a picture, not the paper */
const turn = (showing) => {
  paper.classList.toggle("showing", showing);
  padCanvas.hidden = showing;
  pictureCanvas.hidden = !showing;
  element("hint").hidden = showing;
  element("pen-tools").hidden = showing;
  element("pad-help").hidden = showing;
  button("back").hidden = !showing;
};
takePictures(
  [find("open", HTMLInputElement), find("photo", HTMLInputElement)],
  element("veil"),
  async (file, name) => {
    reader.nothing();
    turn(true);
    pictureCanvas.setAttribute("aria-label", `Your picture ${name}`);
    element("summary").textContent = "Reading the picture …";
    const shown = await showPicture(pictureCanvas, file);
    const reading = await reader.picture(await withinLimit(file));
    if (reading && !shown) showBlank(pictureCanvas, reading.size);
    if (reading) return;
    element("summary").textContent = summarise(session);
    if (!shown) turn(false);
  },
);
button("back").addEventListener("click", () => {
  turn(false);
  pad.clear();
  padCanvas.focus();
});

// Views
showAnswer(session, element("number"), element("summary"));
showBoxes(session, element("boxes"), (index) => {
  session.select(index);
  chosen(element("number"))?.focus({ preventScroll: true });
});
const drawSeen = () => {
  const digit = session.selected();
  drawInk(find("seen", HTMLCanvasElement), digit?.pixels ?? new Uint8Array(784), 28);
  element("which").textContent = digit ? `the ${valueOf(session, digit)}` : "the digit";
};
session.subscribe(drawSeen);
offerThemes(button("theme"));
onTheme(drawSeen);
onTheme(pad.redraw);

const refreshCorrections = listCorrections(session, {
  list: element("corrections-list"),
  summary: element("corrections-summary"),
  place: element("corrections-place"),
  actions: element("corrections-actions"),
  deleteAll: button("delete-all"),
  exportAll: button("export"),
  say,
  onError: fail,
});
correctDigits(session, {
  keys: element("keys"),
  zones: [element("answer"), element("boxes")],
  say,
  onError: fail,
  onStored: refreshCorrections,
});

try {
  const models = await listModels();
  compareModels(session, find("comparison", HTMLTableElement), models, fail);
  offerInside(session, models);
  await refreshCorrections();
} catch (error) {
  fail(error);
}
// How long it took from the address to here, in milliseconds.
document.documentElement.dataset.ready = String(Math.round(performance.now()));
