const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const LOCALES = { nl: "nl-NL", en: "en-GB" };
const ARROWS = { up: "▲ ", down: "▼ ", "": "" };

const safe = (text) => String(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign]);
const unseen = (text) => `<span class="unseen">${safe(text)}</span>`;
const direction = (number) => (number > 0 ? "up" : number < 0 ? "down" : "");

/** The language's texts and numbers; what is unknown is said, never left out. */
const speech = ({ lang, words }) => {
  const formats = (options) => {
    const format = new Intl.NumberFormat(LOCALES[lang], options);
    return (number) => (number === null ? words.unknown : format.format(number).replace("-", "−"));
  };
  const whole = formats({ maximumFractionDigits: 0, signDisplay: "negative" });
  return {
    say: (key, blanks = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => blanks[name]),
    thousands: (number) => whole(number === null ? null : number / 1000),
    money: formats({ style: "currency", currency: "EUR", signDisplay: "negative" }),
    points: whole,
    score: formats({ minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    change: formats({ minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" }),
    unknown: words.unknown,
  };
};

const amount = (speak, number) =>
  `<td class="number" title="${safe(speak.money(number))}">${safe(speak.thousands(number))}</td>`;

const delta = (speak, row, against) => {
  if (row.compared === null || row.reference === null)
    return `<td class="number" title="${safe(speak.say(`no_${against}`))}">${safe(speak.unknown)}</td>`;
  const change = row.compared - row.reference;
  const sign = direction(change);
  const full = speak.say(`change_${against}`, { change: speak.money(change) });
  return `<td class="number ${sign}" title="${safe(full)}">${ARROWS[sign]}${safe(speak.thousands(Math.abs(change)))}</td>`;
};

const bullet = (speak, row, { against, zero }) => {
  const full = speak.say(`bullet_${against}_full`, {
    actual: speak.money(row.compared),
    reference: speak.money(row.reference),
  });
  const bar =
    row.bar === null
      ? ""
      : `<rect class="bar${row.compared < 0 ? " loss" : ""}" x="${Math.min(zero, row.bar)}" y="5" width="${Math.abs(row.bar - zero)}" height="8"/>`;
  const tick = row.tick === null ? "" : `<rect class="tick" x="${row.tick - 0.7}" y="1" width="1.6" height="16"/>`;
  return `<td title="${safe(full)}"><svg width="150" height="18" viewBox="-1 0 102 18" preserveAspectRatio="none" aria-hidden="true"><line class="zero" x1="${zero}" x2="${zero}" y1="1" y2="17"/>${bar}${tick}</svg>${unseen(full)}</td>`;
};

const trend = (speak, told) => {
  if (told === null) return `<td class="unknown">${safe(speak.unknown)}</td>`;
  const full = speak.say("trend_full", { first: speak.money(told.first), last: speak.money(told.last) });
  return `<td title="${safe(full)}"><svg width="84" height="18" aria-hidden="true"><path class="trend" d="${told.path}"/><circle class="end" cx="${told.end[0]}" cy="${told.end[1]}" r="2.2"/></svg>${unseen(full)}</td>`;
};

const phases = (speak, states, days) => {
  if (states.length === 0) return `<td class="unknown middle">${safe(speak.unknown)}</td>`;
  const dots = states.map((state, index) => {
    const full = speak.say("phase", { day: days[index], state: speak.say(`phase_${state}`) });
    return `<span class="dot ${state}" title="${safe(full)}"></span>${unseen(full)}`;
  });
  return `<td><div class="dots">${dots.join("")}</div></td>`;
};

const element = (speak, told, name) => {
  if (told === null)
    return `<td class="element unknown" title="${safe(speak.say("score_unknown", { element: name }))}">${safe(speak.unknown)}</td>`;
  const level = speak.score(told.level);
  const changed = told.change === null ? "" : ` ${speak.say("score_change", { change: speak.change(told.change) })}`;
  const full = speak.say("score", { element: name, level, n: told.n }) + changed;
  return `<td class="element" title="${safe(full)}"><span class="level" style="--shade:${told.shade}">${ARROWS[direction(told.change)]}${safe(level)}</span></td>`;
};

const health = (speak, told) => {
  if (told === null) return `<td class="number unknown" title="${safe(speak.say("health_unknown", { coverage: 0 }))}">${safe(speak.unknown)}</td>`;
  const score = told.score === null ? speak.unknown : speak.points(told.score);
  const red = told.red.map((vital) => speak.say(`vital_${vital}`)).join(", ");
  const about = speak.say(told.score === null ? "health_unknown" : "health_full", { score, coverage: told.coverage });
  const full = red ? `${about} ${speak.say("health_red", { vitals: red })}` : about;
  return `<td class="number${red ? " down" : ""}" title="${safe(full)}">${red ? "▼ " : ""}${safe(score)}${unseen(full)}</td>`;
};

const warnings = (told) =>
  told.length === 0
    ? "<td></td>"
    : `<td class="number" title="${safe(told.join("\n"))}">⚠ ${told.length}${unseen(told.join(" "))}</td>`;

const line = (speak, row, data, names) =>
  "<tr>" +
  `<th scope="row" class="account"><button type="button" data-account="${safe(row.id)}" title="${safe(speak.say("open", { account: row.name }))}">${safe(row.name)}</button></th>` +
  health(speak, row.health) +
  amount(speak, row.value) +
  delta(speak, row, data.against) +
  bullet(speak, row, data) +
  trend(speak, row.trend) +
  amount(speak, row.overdue) +
  phases(speak, row.phases, data.days) +
  row.elements.map((told, index) => element(speak, told, names[index])).join("") +
  warnings(row.warnings) +
  "</tr>";

const head = (speak, against, names) => {
  const column = (key, kind = "") => `<th scope="col" rowspan="2" class="${kind}">${safe(speak.say(key))}</th>`;
  return (
    `<thead><tr>${column("account", "account")}${column("health", "number")}${column("contribution", "number")}${column(`delta_${against}`, "number")}` +
    `${column(`bullet_${against}`)}${column("trend")}${column("overdue", "number")}${column("phases", "middle")}` +
    `<th scope="colgroup" colspan="${names.length}" class="group">${safe(speak.say("alignment"))}</th>` +
    `${column("warnings", "number")}</tr>` +
    `<tr>${names.map((name) => `<th scope="col" class="element">${safe(name)}</th>`).join("")}</tr></thead>`
  );
};

const table = (data) => {
  const speak = speech(data);
  const names = data.elements.map((key) => speak.say(key));
  const caption = safe(data.caption);
  return (
    `<p class="about">${caption} · ${safe(speak.say("legend"))}</p>` +
    `<div class="frame" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>` +
    head(speak, data.against, names) +
    `<tbody>${data.rows.map((row) => line(speak, row, data, names)).join("")}</tbody></table></div>`
  );
};

const shown = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".matrix");
  root.onclick = (event) => {
    const button = event.target.closest("button[data-account]");
    if (button) setTriggerValue("account", button.dataset.account);
  };
  // A rerun with the same rows leaves the reader's focus and scroll where they are.
  if (shown.get(root) === data) return;
  shown.set(root, data);
  root.innerHTML = table(JSON.parse(data));
}
