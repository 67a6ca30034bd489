// Asks for the token of a service that wants one, and keeps it until the window is closed.

import { find } from "./elements.js";

const KEY = "inkdigits-token";

/** The header that shows the token, where there is one. */
export function tokenHeader() {
  const token = recall();
  return token ? { Authorization: `Bearer ${token}` } : undefined;
}

/** @type {Promise<void> | null} */
let asking = null;

/** Asks the person; resolves when a token was given. Several callers wait for one answer. */
export function askForToken() {
  asking ??= new Promise((resolve) => {
    const dialog = find("token-dialog", HTMLDialogElement);
    const input = find("token", HTMLInputElement);
    find("token-form", HTMLFormElement).onsubmit = (event) => {
      event.preventDefault();
      remember(input.value);
      dialog.close();
      asking = null;
      resolve();
    };
    // Without a token there is nothing to see.
    dialog.oncancel = (event) => event.preventDefault();
    dialog.showModal();
  });
  return asking;
}

/** @type {string | null} */
let remembered = null;

/** @param {string} token */
function remember(token) {
  remembered = token;
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // It then holds until the page is loaded anew.
  }
}

function recall() {
  if (remembered !== null) return remembered;
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}
