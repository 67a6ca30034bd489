// The ten probabilities of the chosen digit, side by side for every model of the service.

import { make, percent } from "./elements.js";
import { classify } from "./service.js";

/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./service.js").Model} Model */

/**
 * @param {Session} session
 * @param {HTMLTableElement} table
 * @param {Model[]} models
 * @param {(error: unknown) => void} onError
 */
export function compareModels(session, table, models, onError) {
  const heads = models.map((model) => headOf(model));
  const verdicts = models.map(() => make("td", { className: "verdict" }, "–"));
  const cells = Array.from({ length: 10 }, () => models.map(() => cellOf()));
  table.tHead?.replaceChildren(
    make("tr", {}, make("th", { scope: "col", className: "corner" }, "Digit"), ...heads),
  );
  const says = make("th", { scope: "row" }, "says");
  table.tBodies[0].replaceChildren(
    make("tr", { className: "verdicts" }, says, ...verdicts),
    ...cells.map((row, digit) =>
      make("tr", {}, make("th", { scope: "row" }, String(digit)), ...row.map((cell) => cell.cell)),
    ),
  );

  /** @type {Map<string, Promise<number[]>>} */
  let known = new Map();
  let asked = 0;
  session.subscribe(async () => {
    const mine = ++asked;
    const digit = session.selected();
    if (!digit) return void models.forEach((_, at) => fill(at, null));
    try {
      const answers = models.map((model) => {
        const key = `${model.name} ${digit.crop}`;
        const answer = known.get(key) ?? classify(model.name, digit.pixels);
        if (known.size > 500) known = new Map();
        known.set(key, answer);
        return answer;
      });
      const all = await Promise.all(answers);
      if (mine === asked) all.forEach((probabilities, at) => fill(at, probabilities));
    } catch (error) {
      known = new Map();
      if (mine === asked) onError(error);
    }
  });

  /**
   * @param {number} at which model
   * @param {number[] | null} probabilities
   */
  const fill = (at, probabilities) => {
    const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    verdicts[at].textContent = best < 0 ? "–" : String(best);
    cells.forEach((row, digit) => {
      const share = probabilities?.[digit] ?? 0;
      row[at].cell.classList.toggle("strongest", digit === best);
      row[at].bar.style.setProperty("--share", String(share));
      row[at].text.textContent = probabilities ? percent(share) : "";
    });
  };
}

/** @param {Model} model */
function headOf(model) {
  const head = make("th", { scope: "col" }, ...broken(model.name));
  if (model.isBest) {
    head.append(" ", make("span", { className: "tag" }, "best"));
  }
  head.title = `${model.name}: ${model.parameters.toLocaleString("en")} parameters`;
  return head;
}

/**
 * The name, with places where a line may end.
 * @param {string} name
 */
function broken(name) {
  return name.split(/(?<=-)/).flatMap((part) => [part, document.createElement("wbr")]);
}

function cellOf() {
  const bar = make("span", { className: "bar" });
  const text = make("span", { className: "share" });
  const both = make("div", { className: "level" }, make("span", { className: "gauge" }, bar), text);
  return { cell: make("td", {}, both), bar, text };
}
