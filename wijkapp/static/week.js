// A week of 28 dayparts: a tap counts one up and after the most starts again at nothing. The fields stay number
// fields, so a keyboard types in them and without scripts they work as they are.

const PICKS = { daily: [0, 1, 2, 3, 4, 5, 6], workdays: [0, 1, 2, 3, 4], none: [] };

function set(cell, value) {
  cell.value = value || "";
  cell.dataset.n = value;
}

function tell(week) {
  week.dispatchEvent(new Event("change", { bubbles: true }));
  const sum = week.parentElement.querySelector("[data-week-sum]");
  if (!sum) return;
  const total = [...week.querySelectorAll("input")].reduce((all, cell) => all + Number(cell.value || 0), 0);
  // What the hours are when nobody fills them in: half an hour a visit.
  const hours = week.parentElement.querySelector(".input--hours");
  if (hours) hours.placeholder = total ? String(total / 2).replace(".", ",") : "";
  sum.textContent = total === 0 ? sum.dataset.none : total === 1 ? sum.dataset.one : sum.dataset.many.replace("{n}", total);
}

for (const week of document.querySelectorAll("[data-week]")) {
  const most = Number(week.dataset.most);
  const step = Number(week.dataset.by ?? 1);
  const cells = [...week.querySelectorAll("input")];
  for (const cell of cells) {
    // A finger taps; it does not want a keyboard over half the screen.
    cell.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const value = Number(cell.value || 0) + step;
      set(cell, value > Number(cell.dataset.most ?? most) ? 0 : value);
      cell.dispatchEvent(new Event("input", { bubbles: true })); // somebody is filling in: a live page leaves it be
    });
    cell.addEventListener("input", () => { cell.dataset.n = Number(cell.value || 0); tell(week); });
  }
  // Quick picks fill the dayparts that are used already, or else the mornings, on those days.
  const picks = week.parentElement.querySelector("[data-picks]");
  if (picks) {
    picks.hidden = false;
    picks.addEventListener("click", (event) => {
      const days = PICKS[event.target.closest("[data-pick]")?.dataset.pick];
      if (!days) return;
      const used = [0, 1, 2, 3].map((part) => Math.max(...[0, 1, 2, 3, 4, 5, 6].map((day) => Number(cells[part * 7 + day].value || 0))));
      if (days.length && !used.some(Boolean)) used[0] = step;
      cells.forEach((cell, at) => set(cell, days.includes(at % 7) ? used[Math.floor(at / 7)] : 0));
      tell(week);
    });
  }
  tell(week);
}
