// Light or dark: as the system says, unless the person says otherwise.

const KEY = "inkdigits-theme";
const system = matchMedia("(prefers-color-scheme: dark)");

/** @type {(() => void)[]} */
const listeners = [];

/**
 * Is called when the colours have changed; canvases then have to be painted again.
 * @param {() => void} listener
 */
export function onTheme(listener) {
  listeners.push(listener);
}

/** @param {HTMLButtonElement} button */
export function offerThemes(button) {
  apply(stored());
  button.addEventListener("click", () => {
    const next = isDark() ? "light" : "dark";
    const asSystem = (next === "dark") === system.matches;
    remember(asSystem ? null : next);
    apply(asSystem ? null : next);
  });
  system.addEventListener("change", () => apply(stored()));

  /** @param {string | null} theme */
  function apply(theme) {
    document.documentElement.style.colorScheme = theme ?? "light dark";
    const other = isDark() ? "light" : "dark";
    button.setAttribute("aria-label", `Use ${other} colours`);
    button.title = `Use ${other} colours`;
    listeners.forEach((listener) => listener());
  }
}

function isDark() {
  const chosen = document.documentElement.style.colorScheme;
  return chosen === "dark" || (chosen !== "light" && system.matches);
}

/** @returns {"light" | "dark" | null} */
function stored() {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === "light" || theme === "dark" ? theme : null;
  } catch {
    return null; // storage may be forbidden
  }
}

/** @param {string | null} theme */
function remember(theme) {
  try {
    if (theme) localStorage.setItem(KEY, theme);
    else localStorage.removeItem(KEY);
  } catch {
    // The choice then holds until the page is closed.
  }
}
