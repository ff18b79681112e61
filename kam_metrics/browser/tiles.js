const made = (kind, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(kind), properties);
  element.append(...children);
  return element;
};

const meaning = (told) => {
  const about = made("div", { popover: "auto", className: "about" });
  about.append(...told.about.map((text, index) => made(index ? "p" : "strong", { textContent: text })));
  const button = made("button", { type: "button", className: "help", title: told.help, ariaLabel: `${told.help}: ${told.label}`, textContent: "?" });
  button.popoverTargetElement = about;
  return [button, about];
};

const tile = (told) => {
  const value = made("p", { className: "value", title: told.full, textContent: told.value });
  const beside = made("p", { className: `beside ${told.tone}`, textContent: told.beside });
  const head = made("div", { className: "head" }, made("h2", { textContent: told.label }), ...meaning(told));
  const link = told.address ? [made("a", { href: told.address, textContent: `→ ${told.link}` })] : [];
  return made("li", {}, head, value, beside, ...link);
};

const shown = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tiles");
  root.onclick = (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue("address", link.getAttribute("href"));
  };
  // A rerun with the same figures leaves the reader's focus where it is.
  if (shown.get(root) === data) return;
  shown.set(root, data);
  root.replaceChildren(made("ul", {}, ...JSON.parse(data).map(tile)));
}
