/** Amounts as people write and read them. Inside the till an amount is a whole number of minor units. */

export class Money {
  /** @param {{currency: string, digits: number, locale: string}} options */
  constructor({ currency, digits, locale }) {
    this.currency = currency;
    this.digits = digits;
    this.unit = 10 ** digits;
    const style = { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits };
    this.writer = new Intl.NumberFormat(locale, style);
    this.short = new Intl.NumberFormat(locale, { ...style, minimumFractionDigits: 0 });
    this.decimal = this.writer.formatToParts(1.1).find((part) => part.type === "decimal")?.value ?? ".";
  }

  /** 1999 → "$19.99". @param {number} minor */
  format(minor) {
    return this.writer.format(minor / this.unit);
  }

  /** Coins and notes, without decimals that are nothing: "$20", "$0.25". @param {number} minor */
  formatShort(minor) {
    return minor % this.unit ? this.format(minor) : this.short.format(minor / this.unit);
  }

  /** As it is typed into a field: "19.99", "19,99" where people write it so. @param {number} minor */
  plain(minor) {
    return (minor / this.unit).toFixed(this.digits).replace(".", this.decimal);
  }

  /** {"amount": 1999, "currency": "USD"} as the API writes money. @param {number} minor */
  json(minor) {
    return { amount: minor, currency: this.currency };
  }

  /**
   * What somebody typed, in minor units; null when it is no amount. Figures alone are whole units ("20" is twenty
   * dollars); either sign parts the decimals.
   * @param {string} text @returns {number|null}
   */
  parse(text) {
    const found = /^(\d{1,9})?(?:[.,](\d*))?$/.exec(text.replace(/[\s  ]|[^\d.,]/g, ""));
    if (!found || (found[1] === undefined && !found[2]) || (found[2] ?? "").length > this.digits) return null;
    const decimals = (found[2] ?? "").padEnd(this.digits, "0");
    return Number(found[1] ?? 0) * this.unit + Number(decimals || 0);
  }
}
