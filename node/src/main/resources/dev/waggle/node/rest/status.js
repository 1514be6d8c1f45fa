// Shows /api/v1/live. The token comes once in the address's fragment, which browsers never send, and stays in this tab.
// Everything a node says is set as text, never as markup.
"use strict";

const fragment = new URLSearchParams(location.hash.slice(1));
if (fragment.has("token")) {
  sessionStorage.setItem("token", fragment.get("token"));
  history.replaceState(null, "", location.pathname);
}

const element = (id) => document.getElementById(id);

function rows(body, items, columns) {
  body.replaceChildren(...items.map((item) => {
    const row = document.createElement("tr");
    for (const column of columns) {
      const cell = document.createElement("td");
      cell.textContent = String(item[column] ?? "");
      row.append(cell);
    }
    return row;
  }));
}

function show(status) {
  element("light").className = "light " + (status.ready ? "green" : "red");
  element("node").textContent = "node " + status.node.slice(0, 8);
  element("state").textContent = status.ready ? "Ready." : status.reasons.join(" ");
  rows(element("spaces"), status.spaces, ["name", "log_offset", "applied_offset", "queue", "waiting", "conflicts", "state"]);
  rows(element("peers"), status.peers, ["node", "state", "remark"]);
}

function failed(text) {
  element("light").className = "light";
  element("state").textContent = text;
}

async function follow() {
  const answer = await fetch("/api/v1/live", { headers: { Authorization: "Bearer " + (sessionStorage.getItem("token") ?? "") } });
  if (answer.status === 401) return failed("Open the link that `waggle up` printed: it carries the token.");
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = "";;) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
    const events = text.split("\n\n");
    text = events.pop();
    for (const event of events) {
      const data = event.split("\n").find((line) => line.startsWith("data: "));
      if (data) show(JSON.parse(data.slice(6)));
    }
  }
  throw new Error("the node ended the stream");
}

async function main() {
  for (;;) {
    try {
      if (await follow() === undefined && element("state").textContent.startsWith("Open the link")) return;
    } catch {
      failed("The node does not answer; trying again.");
    }
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

main();
