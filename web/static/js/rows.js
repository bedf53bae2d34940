// Rows of a list in a form: add another, remove one. Names follow WTForms: list-0-field, list-1-field.
import { pickers } from './pickers.js';

const NAMED = ['id', 'name', 'for', 'aria-describedby', 'aria-labelledby', 'aria-controls', 'data-hx-target', 'aria-owns'];

function empty(row) {
  row.querySelectorAll('input, select, textarea').forEach((field) => {
    if (field.type === 'checkbox' || field.type === 'radio') field.checked = false;
    else if (field.tagName === 'SELECT') field.selectedIndex = 0;
    else if (!field.name.endsWith('csrf_token')) field.value = '';
    field.removeAttribute('aria-invalid');
  });
  row.querySelectorAll('.usa-error-message, [role="option"], [data-question]').forEach((old) => old.remove());
  row.querySelectorAll('.usa-form-group--error').forEach((group) => group.classList.remove('usa-form-group--error'));
  row.querySelectorAll('.usa-input--error').forEach((field) => field.classList.remove('usa-input--error'));
}

function renumber(row, name, number) {
  const old = new RegExp(`\\b${name}-\\d+`, 'g');
  [row, ...row.querySelectorAll('*')].forEach((part) => {
    NAMED.forEach((attribute) => {
      const value = part.getAttribute(attribute);
      if (value) part.setAttribute(attribute, value.replace(old, `${name}-${number}`));
    });
  });
}

function isBlank(row) {
  return [...row.querySelectorAll('input:not([type=hidden]), textarea')].every((field) =>
    field.type === 'checkbox' || field.type === 'radio' ? !field.checked : !field.value.trim());
}

function start(list) {
  const add = list.querySelector('[data-add-row]');
  const all = () => [...list.querySelectorAll('[data-row]')];
  const shown = () => all().filter((row) => !row.hidden);
  if (!add || !all().length || !add.hidden) return;

  const remove = (row) => {
    empty(row);
    row.hidden = true;
    const next = shown().pop();
    (next ? next.querySelector('input, select, textarea') : add).focus();
  };
  const arm = (row) => {
    const button = row.querySelector('[data-remove-row]');
    if (!button) return;
    button.hidden = false;
    button.addEventListener('click', () => remove(row));
  };

  all().forEach(arm);
  all().slice(1).filter((row) => isBlank(row) && !row.querySelector('.usa-error-message')).forEach((row) => { row.hidden = true; });
  add.hidden = false;
  add.addEventListener('click', () => {
    let row = all().find((old) => old.hidden);
    if (row) {
      row.hidden = false;
    } else {
      const last = all().pop();
      row = last.cloneNode(true);
      const numbers = all().map((old) => Number((old.querySelector('[name]').name.match(new RegExp(`${list.dataset.rows}-(\\d+)`)) || [0, 0])[1]));
      renumber(row, list.dataset.rows, Math.max(...numbers) + 1);
      empty(row);
      row.querySelectorAll('[data-picker]').forEach((picker) => delete picker.dataset.ready);
      row.setAttribute('aria-label', `${add.dataset.rowLabel} ${all().length + 1}`);
      last.after(row);
      arm(row);
      pickers(row);
      if (window.htmx) window.htmx.process(row);
    }
    list.append(add);
    row.querySelector('input:not([type=hidden]), select, textarea').focus();
  });
}

export function rows(root) {
  root.querySelectorAll('[data-rows]').forEach(start);
}
