/* The shop's appearance, laid over the form: variables, rules and fonts in the shape the real network takes them. */

const THEMES = {
  stripe: {},
  flat: { colorBackground: "#f6f5f1" },
  night: { colorPrimary: "#66d1a9", colorBackground: "#1d1d1a", colorText: "#f2f0ea", colorDanger: "#ff9788" },
};
const VARIABLES = new Set(
  ("colorPrimary colorBackground colorText colorTextSecondary colorTextPlaceholder colorDanger colorBorder fontFamily " +
    "fontSizeBase fontSizeSm fontWeightNormal fontWeightMedium borderRadius spacingUnit gridRowSpacing gridColumnSpacing " +
    "focusBoxShadow").split(" "),
);
const SELECTOR = /^\.(Input|Label|Error|Hint|Link|Field)(--invalid)?(:(focus|hover|disabled|focus-visible)|::placeholder)?$/;
const rules = new CSSStyleSheet();
document.adoptedStyleSheets = [rules];

const safe = (value) => !/url\(|expression|[{}<>;]/i.test(String(value));
const dashed = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/* Returns "light" or "dark", whichever the background that was given is. */
export function applyLook(appearance = {}) {
  const root = document.documentElement;
  root.style.colorScheme = "light dark";
  for (const name of VARIABLES) root.style.removeProperty(`--${name}`);
  const given = { ...(THEMES[appearance.theme] || {}), ...(appearance.variables || {}) };
  for (const [name, value] of Object.entries(given)) {
    if (VARIABLES.has(name) && safe(value)) root.style.setProperty(`--${name}`, value);
  }
  const blocks = Object.entries(appearance.rules || {}).filter(([selector]) => SELECTOR.test(selector));
  rules.replaceSync(blocks.map(([selector, styles]) => `${selector} { ${declarations(styles)} }`).join("\n"));
  const scheme = isDark() ? "dark" : "light";
  root.style.colorScheme = scheme;
  root.classList.toggle("is-dark", scheme === "dark");
  return scheme;
}

function declarations(styles) {
  const pairs = Object.entries(styles).filter(([name, value]) => /^[a-zA-Z]+$/.test(name) && safe(value));
  return pairs.map(([name, value]) => `${dashed(name)}: ${value};`).join(" ");
}

function isDark() {
  const probe = document.createElement("i");
  probe.style.color = "var(--colorBackground)";
  document.body.append(probe);
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  canvas.fillStyle = getComputedStyle(probe).color;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
  probe.remove();
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

/* Fonts as {cssSrc} or {family, src, weight, style}. */
export function loadFonts(fonts = []) {
  for (const font of fonts) {
    if (font.cssSrc) {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = font.cssSrc;
      document.head.append(link);
    } else if (font.family && font.src) {
      const { family, src, ...rest } = font;
      new FontFace(family, src, rest).load().then((face) => document.fonts.add(face), () => {});
    }
  }
}
