// "Show password" beside a password field.
export function showPasswords(root) {
  root.querySelectorAll('[data-show-password]').forEach((button) => {
    const field = document.getElementById(button.dataset.showPassword);
    if (!field || !button.hidden) return;
    button.hidden = false;
    button.addEventListener('click', () => {
      const show = field.type === 'password';
      field.type = show ? 'text' : 'password';
      button.setAttribute('aria-pressed', String(show));
    });
    if (field.form) field.form.addEventListener('submit', () => { field.type = 'password'; });
  });
}
