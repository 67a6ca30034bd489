// Finding and making elements.

/**
 * The element with this id, which the page has.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function find(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return element;
}

/**
 * A new element: `make("p", { className: "soft" }, "text", child)`.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Partial<HTMLElementTagNameMap[K]>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/**
 * A share as people read it: 99.9 %, never 100 % unless it is.
 * @param {number} share
 */
export function percent(share) {
  if (share === 1) return "100 %";
  const value = Math.min(99.9, Math.round(share * 1000) / 10);
  return `${value >= 10 && value < 99 ? Math.round(value) : value.toFixed(1)} %`;
}

/**
 * A number with a true minus sign.
 * @param {number} value
 * @param {number} [decimals]
 */
export function signedNumber(value, decimals = 2) {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}
