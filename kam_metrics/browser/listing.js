const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const safe = (text) => String(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign]);

const cell = (told, heading) => {
  const kind = `${heading.is_number ? "number" : told.text.length > 30 ? "text long" : "text"} ${told.tone}`;
  const bar = told.bar === null ? "" : `<span class="track"><span style="inline-size:${Number(told.bar)}%"></span></span>`;
  return `<td class="${kind}"${told.title ? ` title="${safe(told.title)}"` : ""}>${bar}${safe(told.text)}</td>`;
};

const line = (row, data) => {
  const [first, ...rest] = row.cells;
  const opened = row.id
    ? `<button type="button" data-row="${safe(row.id)}" title="${safe(`${data.open}: ${first.text}`)}">${safe(first.text)}</button>`
    : safe(first.text);
  return `<tr><th scope="row">${opened}</th>${rest.map((told, index) => cell(told, data.headings[index + 1])).join("")}</tr>`;
};

const head = (data, state) =>
  data.headings
    .map((heading, index) => {
      const isSorted = index === state.column;
      const order = isSorted ? (state.up ? "ascending" : "descending") : "none";
      const mark = isSorted ? `sorted ${state.up ? "up" : ""}` : "";
      return `<th scope="col" aria-sort="${order}" class="${heading.is_number ? "number" : ""}"><button type="button" data-column="${index}" class="${mark}" title="${safe(heading.help || heading.label)}">${safe(heading.label)}</button></th>`;
    })
    .join("");

const order = (told) => (told.order === null ? told.text : told.order);
const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));
const isUnknown = (told) => told.order === null && told.text === "–";

const sorted = (rows, { column, up }) => {
  if (column === null) return rows;
  const known = rows.filter((row) => !isUnknown(row.cells[column]));
  const unknown = rows.filter((row) => isUnknown(row.cells[column]));
  known.sort((a, b) => compare(order(a.cells[column]), order(b.cells[column])) * (up ? 1 : -1));
  return [...known, ...unknown];
};

const found = (rows, sought) => {
  const text = sought.trim().toLowerCase();
  return text ? rows.filter((row) => row.cells.some((told) => told.text.toLowerCase().includes(text))) : rows;
};

const body = (data, state) => {
  const rows = sorted(found(data.rows, state.sought), state);
  if (rows.length === 0) return `<tr><td colspan="${data.headings.length}" class="muted">${safe(data.nothing)}</td></tr>`;
  return rows.map((row) => line(row, data)).join("");
};

const frame = (data, state) => {
  const caption = safe(data.caption);
  const search = data.search ? `<input type="search" placeholder="${safe(data.search)}" aria-label="${safe(data.search)}" value="${safe(state.sought)}">` : "";
  return (
    `${search}<div class="frame" tabindex="0" role="region" aria-label="${caption}"><table>` +
    `<caption>${caption}</caption><thead><tr>${head(data, state)}</tr></thead><tbody>${body(data, state)}</tbody></table></div>`
  );
};

const shown = new WeakMap();

export default function ({ data: told, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".listing");
  const data = JSON.parse(told);
  const before = shown.get(root);
  const state = before?.state ?? { column: null, up: false, sought: "" };
  root.onclick = (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.row) setTriggerValue("row", button.dataset.row);
    if (button?.dataset.column) {
      const column = Number(button.dataset.column);
      state.up = state.column === column ? !state.up : !data.headings[column].is_number;
      state.column = column;
      root.querySelector("thead tr").innerHTML = head(data, state);
      root.querySelector("tbody").innerHTML = body(data, state);
      root.querySelector(`button[data-column="${column}"]`).focus();
    }
  };
  root.oninput = (event) => {
    state.sought = event.target.value;
    root.querySelector("tbody").innerHTML = body(data, state);
  };
  // A rerun with the same rows leaves the reader's search, sorting and scroll where they are.
  if (before?.told === told) return;
  shown.set(root, { told, state });
  root.innerHTML = frame(data, state);
}
