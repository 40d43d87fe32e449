// Attendance by keyboard, and the code on the wall; both pages work without.

const sheet = document.querySelector("[data-attendance]");
if (sheet) {
  document.querySelector("[data-keys]").hidden = false;
  const rows = [...sheet.querySelectorAll("[role=radiogroup]")];
  const marks = { p: "present", l: "late", e: "excused", a: "absent" };
  const focus = (row) => row && (row.querySelector(":checked") ?? row.querySelector("input")).focus();
  sheet.addEventListener("keydown", (event) => {
    const row = event.target.closest("[role=radiogroup]");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = rows.indexOf(row);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const mark = marks[event.key.toLowerCase()];
    if (step) {
      event.preventDefault();
      focus(rows[at + step]);
    } else if (mark) {
      event.preventDefault();
      row.querySelector(`[value=${mark}]`).checked = true;
      focus(rows[at + 1] ?? row);
    }
  });
}

// Only the code is exchanged, so that nothing flickers on the wall.
const renew = async () => {
  const shown = document.querySelector("[data-projector]");
  let wait = 5;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-projector]");
    if (!fresh) return location.reload();
    shown.replaceWith(fresh);
    wait = Number(fresh.dataset.projector);
  } catch { /* No network: the old code stays, and the next try is soon. */ }
  setTimeout(renew, wait * 1000);
};
const projector = document.querySelector("[data-projector]");
if (projector) setTimeout(renew, Number(projector.dataset.projector) * 1000);
