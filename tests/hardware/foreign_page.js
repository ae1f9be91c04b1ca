// What a page of another origin can try against the bridge. Gives everything that it heard back.
async ([url, document]) => {
  const heard = [];
  const body = JSON.stringify({ id: 1, kind: "kick", job_id: "evil", reason: "no_sale", document });
  const json = { "Content-Type": "application/json" };
  const plain = { "Content-Type": "text/plain", Authorization: `Bearer ${"a".repeat(43)}` };
  const ways = [
    { method: "POST", body, mode: "no-cors" },
    { method: "POST", body, headers: plain },
    { method: "POST", body, headers: json },
    { method: "GET" },
  ];
  for (const path of ["/pairing/token", "/pairing", "/render", "/ws", "/healthz"]) {
    for (const options of ways) {
      try {
        heard.push(await (await fetch(url + path, options)).text());
      } catch {
        // as it should be
      }
    }
    navigator.sendBeacon(url + path, new Blob([body], { type: "application/json" }));
    await new Promise((resolve) => {
      const image = new Image();
      image.onerror = image.onload = resolve;
      image.src = url + path;
    });
  }
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws`);
  await new Promise((resolve) => {
    socket.onclose = resolve;
    socket.onopen = () => {
      heard.push("open");
      resolve();
    };
  });
  const page = window.document;
  const frame = Object.assign(page.createElement("iframe"), { name: "sink" });
  const form = Object.assign(page.createElement("form"), {
    method: "post", enctype: "text/plain", target: "sink", action: `${url}/pairing/token`,
  });
  page.body.append(frame, form);
  form.submit();
  await new Promise((resolve) => setTimeout(resolve, 500));
  return heard.filter((text) => text !== "");
}
