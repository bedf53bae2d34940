// A page that waits for the worker: look every two seconds whether it is done, and show it then.
const PAUSE = 2000;

export function waiting(root) {
  if (!root.querySelector('[data-wait]')) return;
  const look = () => fetch(window.location.href, { credentials: 'same-origin' })
    .then((answer) => answer.text())
    .then((text) => (text.includes('data-wait') ? setTimeout(look, PAUSE) : window.location.reload()))
    .catch(() => setTimeout(look, PAUSE * 3));
  setTimeout(look, PAUSE / 2);
}
