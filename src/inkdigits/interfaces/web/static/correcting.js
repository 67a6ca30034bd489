// Corrects the chosen digit by a click or a key, and lists what was corrected.

import { make } from "./elements.js";
import { drawInk } from "./pixels.js";
import { valueOf } from "./answer.js";
import * as service from "./service.js";
import { onTheme } from "./theme.js";

/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./session.js").Digit} Digit */
/** @typedef {import("./service.js").Correction} Correction */

/**
 * @param {Session} session
 * @param {object} page
 * @param {HTMLElement} page.keys the ten buttons go here
 * @param {HTMLElement[]} page.zones within which a pressed digit corrects
 * @param {(text: string) => void} page.say
 * @param {(error: unknown) => void} page.onError
 * @param {() => Promise<void>} page.onStored
 */
export function correctDigits(session, { keys, zones, say, onError, onStored }) {
  const buttons = Array.from({ length: 10 }, (_, label) => {
    const button = make("button", { type: "button", className: "key" }, String(label));
    button.setAttribute("aria-label", `It is a ${label}`);
    button.addEventListener("click", () => correct(label));
    return button;
  });
  keys.replaceChildren(...buttons);
  session.subscribe(() => {
    const digit = session.selected();
    buttons.forEach((button, label) => {
      button.disabled = !digit;
      button.classList.toggle("current", digit !== undefined && valueOf(session, digit) === label);
    });
  });
  for (const zone of zones) {
    zone.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !/^[0-9]$/.test(event.key)) return;
      event.preventDefault();
      correct(Number(event.key));
    });
  }

  /** @param {number} label */
  const correct = async (label) => {
    const digit = session.selected();
    if (!digit || label === valueOf(session, digit)) return;
    try {
      await store(session, digit, label);
      say(
        label === digit.value
          ? `It is a ${label}; the correction is taken back.`
          : `Corrected: it is a ${label}, not a ${digit.value}.`,
      );
      await onStored();
    } catch (error) {
      onError(error);
    }
  };
}

/**
 * @param {Session} session
 * @param {Digit} digit
 * @param {number} label
 */
async function store(session, digit, label) {
  const before = session.mendedTo(digit);
  if (before && label === digit.value) {
    await service.deleteCorrection(before.id);
    return session.mend(digit.crop, null);
  }
  const image = digit.crop;
  const stored = await service.addCorrection({ image, read: digit.value, label });
  session.mend(digit.crop, { id: stored.id, label });
}

/**
 * @param {Session} session
 * @param {object} page
 * @param {HTMLElement} page.list
 * @param {HTMLElement} page.summary
 * @param {HTMLElement} page.place says where they are kept
 * @param {HTMLElement} page.actions export and delete, shown while there is something
 * @param {HTMLButtonElement} page.deleteAll
 * @param {HTMLButtonElement} page.exportAll
 * @param {(text: string) => void} page.say
 * @param {(error: unknown) => void} page.onError
 */
export function listCorrections(session, page) {
  const refresh = async () => {
    try {
      const { corrections, count, location } = await service.listCorrections();
      show(corrections, count);
      page.place.textContent = location;
      session.keepOnly(new Set(corrections.map((correction) => correction.id)));
    } catch (error) {
      page.onError(error);
    }
  };
  /**
   * @param {Correction[]} corrections newest first
   * @param {number} count
   */
  const show = (corrections, count) => {
    page.actions.hidden = count === 0;
    page.summary.textContent = count
      ? `${count} ${count === 1 ? "digit" : "digits"} corrected so far.`
      : "Nothing corrected so far.";
    disarm();
    page.list.replaceChildren(...corrections.map(item));
  };
  /** @param {Correction} correction */
  const item = (correction) => {
    const { id, read, label } = correction;
    const canvas = make("canvas", { className: "pixels" });
    canvas.setAttribute("aria-hidden", "true");
    const remove = make("button", { type: "button", className: "remove", title: "Delete" }, "×");
    remove.setAttribute("aria-label", `Delete: a ${label} that was read as ${read}`);
    remove.addEventListener("click", async () => {
      try {
        await service.deleteCorrection(id);
        page.say("Deleted.");
        await refresh();
        page.summary.focus({ preventScroll: true });
      } catch (error) {
        page.onError(error);
      }
    });
    const words = make("p", {}, make("b", {}, String(label)), ` not ${read}`);
    const element = make("li", {}, canvas, words, remove);
    // Once it is in the document it knows its colour.
    queueMicrotask(() => drawInk(canvas, service.bytesOf(correction.image), 28));
    return element;
  };
  onTheme(refresh);

  page.exportAll.addEventListener("click", async () => {
    try {
      const address = URL.createObjectURL(await service.exportCorrections());
      make("a", { href: address, download: "corrections.npz" }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
    } catch (error) {
      page.onError(error);
    }
  });

  // The first click asks, the second deletes.
  let armed = false;
  const disarm = () => {
    armed = false;
    page.deleteAll.textContent = "Delete all";
  };
  page.deleteAll.addEventListener("blur", disarm);
  page.deleteAll.addEventListener("click", async () => {
    if (!armed) {
      armed = true;
      page.deleteAll.textContent = "Really delete all?";
      return page.say("Press again to delete all corrections.");
    }
    try {
      await service.deleteAllCorrections();
      page.say("All corrections are deleted.");
      await refresh();
      page.summary.focus({ preventScroll: true });
    } catch (error) {
      page.onError(error);
    }
  });
  return refresh;
}
