/* The arrow keys, the space bar, Home and End go from slide to slide. */
(() => {
  "use strict";
  const slides = [...document.querySelectorAll("section")];
  const STEPS = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
  const current = () => {
    const tops = slides.map((slide) => Math.abs(slide.getBoundingClientRect().top));
    return tops.indexOf(Math.min(...tops));
  };
  const target = ({ key }) => {
    if (key === "Home") return 0;
    if (key === "End") return slides.length - 1;
    return key in STEPS ? current() + STEPS[key] : undefined;
  };
  document.addEventListener("keydown", (event) => {
    const place = target(event);
    if (place === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    slides[Math.max(0, Math.min(place, slides.length - 1))].scrollIntoView();
  });
})();
