// A table that fits needs no stop for the Tab key; one that scrolls keeps it.
export function quietTables(root) {
  const look = () => root.querySelectorAll('[data-scroll]').forEach((box) => {
    if (box.scrollWidth > box.clientWidth + 1) {
      box.setAttribute('tabindex', '0');
      box.setAttribute('aria-label', box.dataset.scroll);
    } else {
      box.removeAttribute('tabindex');
      box.removeAttribute('aria-label');
    }
  });
  look();
  window.addEventListener('resize', look, { passive: true });
}
