/* The browser library of the card network: the part of the real Stripe.js that a checkout with a payment element uses.

   Card fields live in a frame of the network's own origin and talk to this script over a private channel; the page never
   sees a card number. Everything here works under a Content-Security-Policy that names the network's origin in
   script-src, frame-src and connect-src, without inline styles or eval. */
"use strict";

(() => {
  const HOME = new URL(document.currentScript.src).origin;
  const UNREACHABLE = "We could not reach the payment network. Check your connection and try again.";
  const LANGUAGE = () => document.documentElement.lang || navigator.language || "en";

  /* POST or GET to the API with the publishable key; resolves to {value} or {error}, never rejects. */
  async function ask(key, method, path, form = {}) {
    const body = new URLSearchParams(form);
    const query = method === "GET" && [...body].length ? `?${body}` : "";
    try {
      const response = await fetch(`${HOME}${path}${query}`, {
        method,
        headers: { Authorization: `Bearer ${key}`, "Idempotency-Key": crypto.randomUUID() },
        body: method === "GET" ? undefined : body,
      });
      const value = await response.json();
      return response.ok ? { value } : { error: value.error };
    } catch {
      return { error: { type: "api_connection_error", message: UNREACHABLE } };
    }
  }

  function styled(node, styles) {
    Object.assign(node.style, styles);
    return node;
  }

  class PaymentElement {
    constructor(owner, options) {
      this.owner = owner;
      this.options = options;
      this.listeners = new Map();
      this.waiting = new Map();
      this.count = 0;
    }

    mount(target) {
      const parent = typeof target === "string" ? document.querySelector(target) : target;
      if (!parent) throw new Error(`The selector you specified (${target}) applies to no DOM elements.`);
      if (this.frame) this.unmount();
      this.parent = parent;
      this.opened = new Promise((resolve) => (this.isOpen = resolve));
      this.frame = document.createElement("iframe");
      this.frame.src = `${HOME}/js/element`;
      this.frame.title = "Secure payment input frame";
      this.frame.setAttribute("allow", "payment *");
      // The frame is a little wider than its place, so that fields line up with the page and focus rings are not cut.
      styled(this.frame, { border: "0", display: "block", width: "calc(100% + 8px)", margin: "-4px", height: "17.5rem" });
      styled(this.frame, { opacity: "0", transition: "opacity 120ms" });
      this.frame.addEventListener("load", () => this.open(), { once: true });
      this.frame.addEventListener("error", () => this.emit("loaderror", { error: { message: UNREACHABLE } }));
      parent.replaceChildren(this.frame);
    }

    open() {
      const channel = new MessageChannel();
      this.port = channel.port1;
      this.port.onmessage = (message) => this.receive(message.data);
      const { key, appearance, locale, fonts } = this.owner.settings();
      const hello = { type: "counterpart:open", key, appearance, fonts, locale, options: this.options };
      this.frame.contentWindow.postMessage(hello, HOME, [channel.port2]);
    }

    receive(message) {
      if (message.reply !== undefined) {
        this.waiting.get(message.reply)?.(message.value);
        this.waiting.delete(message.reply);
      } else if (message.event === "height") {
        styled(this.frame, { height: `${message.height}px`, colorScheme: message.scheme });
      } else if (message.event === "submit") {
        this.parent.closest("form")?.requestSubmit();
      } else {
        if (message.event === "ready") {
          this.frame.style.opacity = "1";
          this.isOpen();
        }
        this.emit(message.event, { elementType: "payment", ...message.detail });
      }
    }

    async tell(what, details = {}) {
      if (!this.frame) throw new Error("The payment element must be mounted first.");
      await this.opened;
      const id = ++this.count;
      const answer = new Promise((resolve) => this.waiting.set(id, resolve));
      this.port.postMessage({ id, do: what, ...details });
      return answer;
    }

    emit(name, detail) {
      for (const listener of this.listeners.get(name) || []) listener(detail);
    }

    on(name, listener) {
      this.listeners.set(name, [...(this.listeners.get(name) || []), listener]);
      return this;
    }

    once(name, listener) {
      const only = (detail) => {
        this.off(name, only);
        listener(detail);
      };
      return this.on(name, only);
    }

    off(name, listener) {
      const kept = listener ? (this.listeners.get(name) || []).filter((one) => one !== listener) : [];
      this.listeners.set(name, kept);
      return this;
    }

    update(options) {
      this.options = { ...this.options, ...options };
      if (this.frame) this.tell("configure", { options: this.options });
    }

    focus() {
      this.frame?.focus();
      this.tell("focus");
    }

    blur() {
      this.tell("blur");
    }

    clear() {
      this.tell("clear");
    }

    collapse() {
      this.blur();
    }

    unmount() {
      this.frame?.remove();
      this.frame = undefined;
    }

    destroy() {
      this.unmount();
      this.owner.element = null;
    }
  }

  class Elements {
    constructor(client, options) {
      this.client = client;
      this.options = options;
      this.element = null;
    }

    settings() {
      const { appearance = {}, locale, fonts = [] } = this.options;
      const chosen = locale || this.client.options.locale || "auto";
      return { key: this.client.key, appearance, fonts, locale: chosen === "auto" ? LANGUAGE() : chosen };
    }

    create(type, options = {}) {
      if (type !== "payment" && type !== "card") {
        throw new Error(`This network offers the "payment" element, not "${type}".`);
      }
      if (this.element) throw new Error("Can only create one payment Element per group.");
      this.element = new PaymentElement(this, options);
      return this.element;
    }

    getElement() {
      return this.element;
    }

    update(options) {
      this.options = { ...this.options, ...options };
      if (this.element?.frame) {
        const { appearance, locale } = this.settings();
        this.element.tell("configure", { appearance, locale });
      }
    }

    async fetchUpdates() {
      return {};
    }

    async submit() {
      if (!this.element) throw new Error("A payment element must be created and mounted first.");
      return this.element.tell("submit");
    }
  }

  /* The bank's question, in a modal dialog over the page; resolves when it has been answered. */
  function challenge(address) {
    return new Promise((resolve) => {
      const dialog = styled(document.createElement("dialog"), {
        position: "fixed",
        inset: "0",
        width: "100%",
        height: "100%",
        maxWidth: "none",
        maxHeight: "none",
        margin: "0",
        padding: "0",
        border: "0",
        background: "transparent",
        overflow: "hidden",
      });
      const frame = styled(document.createElement("iframe"), { border: "0", width: "100%", height: "100%" });
      styled(frame, { display: "block", colorScheme: "light dark" });
      frame.title = "Verify your payment";
      frame.src = address;
      dialog.setAttribute("aria-label", "Verify your payment");
      dialog.append(frame);
      dialog.addEventListener("cancel", (event) => event.preventDefault());
      const settled = (event) => {
        if (event.origin !== HOME || event.source !== frame.contentWindow) return;
        if (event.data?.type !== "counterpart:settled") return;
        removeEventListener("message", settled);
        dialog.close();
        dialog.remove();
        resolve();
      };
      addEventListener("message", settled);
      document.body.append(dialog);
      dialog.showModal();
      frame.focus();
    });
  }

  const KINDS = {
    pi: { path: "payment_intents", name: "paymentIntent", object: "payment_intent", failure: "last_payment_error" },
    seti: { path: "setup_intents", name: "setupIntent", object: "setup_intent", failure: "last_setup_error" },
  };

  function kindOf(clientSecret) {
    const kind = KINDS[String(clientSecret).split("_", 1)[0]];
    if (!kind || !clientSecret.includes("_secret_")) {
      throw new Error(`Invalid value for clientSecret: '${clientSecret}' is not the client secret of an intent.`);
    }
    return kind;
  }

  const idOf = (clientSecret) => clientSecret.split("_secret_")[0];
  const NEVER = new Promise(() => {});

  class Client {
    constructor(key, options) {
      if (!String(key).startsWith("pk_")) throw new Error("Please use your publishable key (pk_…) in the browser.");
      this.key = key;
      this.options = options;
    }

    elements(options = {}) {
      return new Elements(this, options);
    }

    async retrieve(clientSecret) {
      const kind = kindOf(clientSecret);
      const path = `/v1/${kind.path}/${idOf(clientSecret)}`;
      const { value, error } = await ask(this.key, "GET", path, { client_secret: clientSecret });
      return error ? { error } : { [kind.name]: value };
    }

    retrievePaymentIntent(clientSecret) {
      return this.retrieve(clientSecret);
    }

    retrieveSetupIntent(clientSecret) {
      return this.retrieve(clientSecret);
    }

    async createPaymentMethod({ elements, element, card, params = {}, billing_details: billing } = {}) {
      const source = elements?.element || element || card;
      const details = params.billing_details || billing || {};
      const { value, error } = await source.tell("create_method", { billing: details });
      return error ? { error } : { paymentMethod: value };
    }

    confirmPayment(given) {
      return this.confirm(given);
    }

    confirmSetup(given) {
      return this.confirm(given);
    }

    confirmCardPayment(clientSecret, { payment_method: method, return_url: back } = {}) {
      const params = { return_url: back };
      if (typeof method === "string") params.payment_method = method;
      else params.payment_method_data = { billing_details: method?.billing_details };
      return this.confirm({ element: method?.card, clientSecret, confirmParams: params, redirect: "if_required" });
    }

    async confirm({ elements, element, clientSecret, confirmParams = {}, redirect = "always" }) {
      const secret = clientSecret || elements?.options.clientSecret;
      const kind = kindOf(secret);
      const stays = redirect === "if_required";
      if (!stays && !confirmParams.return_url) {
        throw new Error("confirmPayment() needs confirmParams.return_url unless redirect is \"if_required\".");
      }
      const form = { client_secret: secret };
      if (confirmParams.return_url) form.return_url = confirmParams.return_url;
      if (stays) form.use_stripe_sdk = "true";
      if (confirmParams.receipt_email) form.receipt_email = confirmParams.receipt_email;
      const path = `/v1/${kind.path}/${idOf(secret)}/confirm`;
      const source = elements?.element || element;
      let answer;
      if (confirmParams.payment_method) {
        answer = await ask(this.key, "POST", path, { ...form, payment_method: confirmParams.payment_method });
      } else if (source) {
        const billing = confirmParams.payment_method_data?.billing_details || {};
        answer = await source.tell("confirm", { path, form, billing });
      } else {
        throw new Error("confirmPayment() needs elements, or confirmParams.payment_method.");
      }
      if (answer.error) return { error: answer.error };
      return this.proceed(kind, answer.value, secret, stays, confirmParams.return_url);
    }

    async handleNextAction({ clientSecret }) {
      const kind = kindOf(clientSecret);
      const found = await this.retrieve(clientSecret);
      if (found.error) return found;
      return this.proceed(kind, found[kind.name], clientSecret, true);
    }

    async proceed(kind, intent, secret, stays, back) {
      const action = intent.next_action;
      if (action?.type === "redirect_to_url") {
        location.assign(action.redirect_to_url.url);
        return NEVER;
      }
      if (action?.type === "use_stripe_sdk") {
        await challenge(action.use_stripe_sdk.stripe_js);
        const found = await this.retrieve(secret);
        if (found.error) return found;
        intent = found[kind.name];
        const failure = intent.status === "requires_payment_method" && intent[kind.failure];
        if (failure) return { error: { ...failure, [kind.object]: intent } };
      }
      if (stays || !back) return { [kind.name]: intent };
      const address = new URL(back, location.href);
      address.searchParams.set(kind.object, intent.id);
      address.searchParams.set(`${kind.object}_client_secret`, secret);
      address.searchParams.set("redirect_status", "succeeded");
      location.assign(address);
      return NEVER;
    }
  }

  function Stripe(key, options = {}) {
    return new Client(key, options);
  }
  Stripe.version = 3;
  window.Stripe = Stripe;
})();
