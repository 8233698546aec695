// The row of pages about duties. On a phone not all of them fit beside one another: the one that is open does.

const here = document.querySelector(".dutynav [aria-current]");
if (here) {
  const row = here.parentElement;
  const [shown, all] = [here.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += shown.left - all.left - (all.width - shown.width) / 2;
}
