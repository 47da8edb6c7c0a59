/* What was folded had nothing to scroll when the page opened, so the theme gave it no stop for the
   keyboard. Once it is unfolded, the theme is asked to look again. */
(() => {
  "use strict";
  const lookAgain = () => window.dispatchEvent(new Event("resize"));
  document.addEventListener("toggle", lookAgain, true);
  document.addEventListener("click", (event) => event.target.closest(".toggle") && lookAgain());
})();
