// Look inside: fetches model files when the section comes into view or something was read, and
// shows the digit at hand in them.

import { valueOf } from "./answer.js";
import { find, make } from "./elements.js";
import { exampleDigit } from "./example.js";
import { showMaps } from "./maps.js";
import { compute, IMAGE, imageOf, stagesOf } from "./network.js";
import { parseModel } from "./onnx.js";
import { fetchModel } from "./service.js";
import { createStepper } from "./stepper.js";
import { showTemplates } from "./templates.js";
import { onTheme } from "./theme.js";

/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./service.js").Model} Model */

const AFTER_ANSWER = 60; // milliseconds

/**
 * @param {Session} session
 * @param {Model[]} models
 */
export function offerInside(session, models) {
  const section = find("inside", HTMLElement);
  const error = find("inside-error", HTMLElement);
  let opened = false;
  const open = async () => {
    if (opened) return;
    opened = true;
    try {
      await Promise.all([openTemplates(session, models), openMaps(session, models)]);
    } catch (problem) {
      error.textContent = problem instanceof Error ? problem.message : String(problem);
      error.hidden = false;
    }
  };
  new IntersectionObserver(([entry]) => void (entry.isIntersecting && open())).observe(section);

  const atHand = find("at-hand", HTMLElement);
  session.subscribe(() => {
    const digit = session.selected();
    atHand.textContent = digit ? `your ${valueOf(session, digit)}` : "an example digit";
    if (digit) setTimeout(open, AFTER_ANSWER);
  });
}

/**
 * Calls what takes a while once the answer is on the screen, and once for several changes.
 * @param {() => void} update
 */
function afterAnswer(update) {
  let waiting = 0;
  return () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(update, AFTER_ANSWER);
  };
}

/**
 * @param {Session} session
 * @param {Model[]} models
 */
async function openTemplates(session, models) {
  const model = models.find(({ network }) => network === "softmax-regression");
  if (!model) return;
  const card = find("templates-card", HTMLElement);
  const graph = parseModel(await fetchModel(model.name));
  const show = showTemplates(graph, find("templates", HTMLElement));
  const radios = [...card.querySelectorAll("input")];
  const update = () => {
    const multiplied = radios.some((radio) => radio.checked && radio.value === "products");
    show(session.selected()?.pixels ?? exampleDigit(), multiplied);
  };
  radios.forEach((radio) => radio.addEventListener("change", update));
  session.subscribe(afterAnswer(update));
  card.hidden = false;
  update();
}

/**
 * The networks that convolve, the chapter's own first.
 * @param {Session} session
 * @param {Model[]} models
 */
async function openMaps(session, models) {
  const flat = ["softmax-regression", "mlp"];
  const deep = models
    .filter(({ network }) => !flat.includes(network))
    .sort((a, b) => Number(b.network === "cnn") - Number(a.network === "cnn"));
  if (!deep.length) return;
  const select = find("network", HTMLSelectElement);
  select.replaceChildren(...deep.map(({ name }) => make("option", { value: name }, name)));
  find("network-choice", HTMLElement).hidden = deep.length < 2;
  let update = await openNetwork(session, deep[0].name);
  select.addEventListener("change", async () => {
    update = await openNetwork(session, select.value);
    update();
  });
  session.subscribe(afterAnswer(() => update()));
  onTheme(() => update());
  update();
}

/**
 * @param {Session} session
 * @param {string} name
 * @returns {Promise<() => void>} shows the digit at hand in this network
 */
async function openNetwork(session, name) {
  const graph = parseModel(await fetchModel(name));
  const stages = stagesOf(graph);
  const first = stages[0];
  const steps = isSteppable(first);
  find("maps-card", HTMLElement).hidden = false;
  const stepperCard = find("stepper-card", HTMLElement);
  stepperCard.hidden = !steps;
  const filterName = find("step-filter-name", HTMLElement);
  const stepper = theStepper();
  const maps = showMaps(stages, find("stages", HTMLElement), steps, (filter) => {
    follow(filter);
    stepperCard.scrollIntoView({ block: "nearest" });
  });
  const follow = (/** @type {number} */ filter) => {
    stepper.choose(filter);
    maps.mark(filter);
    filterName.textContent = `Filter ${filter + 1}`;
  };
  return () => {
    const pixels = session.selected()?.pixels ?? exampleDigit();
    const image = imageOf(pixels);
    const values = compute(graph, image, stages.at(-1)?.output);
    maps.draw(values);
    const result = values.get(first.raw);
    if (steps && result) stepper.show(pixels, image, first, result);
    if (steps) maps.mark(stepper.filter());
  };
}

/**
 * Whether the first convolution can be followed: one 5x5 window after another on the image itself.
 * @param {import("./network.js").Stage | undefined} stage
 */
function isSteppable(stage) {
  return (
    stage?.kind === "convolution" &&
    stage.input === IMAGE &&
    stage.filters?.shape.slice(1).join() === "1,5,5" &&
    stage.plain
  );
}

/** @type {ReturnType<typeof createStepper> | null} */
let stepper = null;

function theStepper() {
  stepper ??= createStepper({
    input: find("step-input", HTMLCanvasElement),
    inputFrame: find("step-input-frame", HTMLElement),
    window: find("step-window", HTMLElement),
    filter: find("step-filter", HTMLElement),
    products: find("step-products", HTMLElement),
    equation: find("step-equation", HTMLElement),
    map: find("step-map", HTMLCanvasElement),
    mapFrame: find("step-map-frame", HTMLElement),
    position: find("step-position", HTMLInputElement),
    back: find("step-back", HTMLButtonElement),
    play: find("step-play", HTMLButtonElement),
    forward: find("step-forward", HTMLButtonElement),
  });
  return stepper;
}
