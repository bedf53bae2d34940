// Suggestions under a skill field: htmx fetches them, this gives them keys and a voice (the ARIA combobox pattern).
let htmxWanted = null;

// htmx starts by itself only before the page is parsed or after it is loaded, not in between.
function pageLoaded() {
  if (document.readyState === 'complete') return Promise.resolve();
  return new Promise((done) => { window.addEventListener('load', done, { once: true }); });
}

// htmx weighs more than the rest together: only pages with a picker, or that ask for it, load it.
export function loadHtmx() {
  htmxWanted ??= pageLoaded().then(() => new Promise((done, failed) => {
    const script = document.createElement('script');
    script.src = document.querySelector('meta[name="htmx-source"]').content;
    script.onload = () => done(window.htmx);
    script.onerror = failed;
    document.head.append(script);
  }));
  return htmxWanted;
}

function choose(parts, option) {
  parts.input.value = option.dataset.label;
  if (parts.id) parts.id.value = option.dataset.id || '';
  close(parts);
  parts.input.dispatchEvent(new Event('change', { bubbles: true }));
}

function close({ input, list }) {
  list.hidden = true;
  input.setAttribute('aria-expanded', 'false');
  input.removeAttribute('aria-activedescendant');
}

function open({ input, list, status }) {
  const options = [...list.querySelectorAll('[role="option"]')];
  options.forEach((option, number) => { option.id = `${list.id}-${number}`; });
  list.hidden = !options.length || document.activeElement !== input;
  input.setAttribute('aria-expanded', String(!list.hidden));
  status.textContent = options.length ? status.dataset.some : status.dataset.none;
}

function move({ input, list }, step) {
  const options = [...list.querySelectorAll('[role="option"]')];
  if (!options.length) return;
  const now = options.findIndex((option) => option.getAttribute('aria-selected') === 'true');
  const next = now < 0 && step < 0 ? options.length - 1 : (now + step + options.length) % options.length;
  options.forEach((option, number) => option.setAttribute('aria-selected', String(number === next)));
  options[next].scrollIntoView({ block: 'nearest' });
  input.setAttribute('aria-activedescendant', options[next].id);
}

function onKey(parts, event) {
  const isOpen = !parts.list.hidden;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    if (!isOpen) open(parts);
    move(parts, event.key === 'ArrowDown' ? 1 : -1);
    event.preventDefault();
  } else if (event.key === 'Enter' && isOpen) {
    const option = parts.list.querySelector('[aria-selected="true"]');
    if (option) { choose(parts, option); event.preventDefault(); }
  } else if (event.key === 'Escape' && isOpen) {
    close(parts);
    event.preventDefault();
  }
}

function start(box) {
  if (box.dataset.ready) return;
  box.dataset.ready = 'yes';
  const parts = {
    input: box.querySelector('[data-picker-input]'), list: box.querySelector('[data-picker-list]'),
    id: box.querySelector('[data-picker-id]'), status: box.querySelector('[data-picker-status]'),
  };
  const { input, list } = parts;
  Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id })
    .forEach(([name, value]) => input.setAttribute(name, value));
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-labelledby', `${input.id}-label`);
  input.addEventListener('keydown', (event) => onKey(parts, event));
  input.addEventListener('input', () => { if (parts.id) parts.id.value = ''; });
  input.addEventListener('blur', () => setTimeout(() => close(parts), 150));
  list.addEventListener('pointerdown', (event) => {
    const option = event.target.closest('[role="option"]');
    if (option) { event.preventDefault(); choose(parts, option); }
  });
  input.addEventListener('htmx:configRequest', (event) => {
    const wanted = event.detail.parameters;
    Object.keys(wanted).forEach((name) => delete wanted[name]);
    wanted.q = input.value;
    wanted.kind = input.dataset.pickerInput;
  });
  list.addEventListener('htmx:afterSwap', () => open(parts));
}

export function pickers(root) {
  const boxes = root.querySelectorAll('[data-picker]');
  boxes.forEach(start);
  if (boxes.length || root.querySelector('[data-hx-get], [data-hx-post]')) loadHtmx();
}
