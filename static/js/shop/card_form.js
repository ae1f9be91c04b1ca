// What pages with the card network's form share.

/* The colors of this page as the card form takes them: custom properties, worked out by the browser. */
export function appearance() {
  const probe = document.body.appendChild(document.createElement("span"));
  probe.style.setProperty("transition", "none", "important"); // else a color is still on its way from the one before
  const color = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const variables = {
    colorPrimary: color("accent"),
    colorBackground: color("surface"),
    colorText: color("ink"),
    colorTextSecondary: color("ink-soft"),
    colorTextPlaceholder: color("ink-soft"),
    colorDanger: color("danger"),
    borderRadius: "8px",
    fontFamily: "Inter, system-ui, sans-serif",
    fontSizeBase: "16px",
    spacingUnit: "4px",
  };
  const line = color("line-strong");
  probe.remove();
  return { theme: "stripe", variables, rules: { ".Input": { border: `1px solid ${line}`, boxShadow: "none" } } };
}
