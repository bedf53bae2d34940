// What scripts add to pages that already work without them.
import { showPasswords } from './passwords.js';
import { rows } from './rows.js';
import { pickers } from './pickers.js';
import { quietTables } from './tables.js';
import { waiting } from './waiting.js';

// A form that came back with errors: take the reader to the summary.
function focusErrors(root) {
  const summary = root.querySelector('[data-error-summary]');
  if (!summary) return;
  document.title = `${summary.querySelector('h2').textContent.trim()} · ${document.title}`;
  summary.focus();
}

// A second press of a button would send a form twice.
function onceOnly(root) {
  root.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method !== 'post' || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = 'yes';
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });
}

// Filters send themselves when a choice changes, if the form asks for it.
function sendOnChange(root) {
  root.addEventListener('change', (event) => {
    const form = event.target.closest('form[data-send-on-change]');
    if (form) form.requestSubmit();
  });
}

// The print button: hidden until it can work.
function printButtons(root) {
  root.querySelectorAll('[data-print]').forEach((button) => {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  });
}

function enhance(root) {
  showPasswords(root);
  rows(root);
  pickers(root);
  quietTables(root);
  printButtons(root);
}

focusErrors(document);
onceOnly(document);
sendOnChange(document);
enhance(document);
waiting(document);
document.addEventListener('htmx:load', (event) => { if (event.detail.elt !== document.body) enhance(event.detail.elt); });
