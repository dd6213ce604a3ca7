/* Starts the pickers of the editor from data in the page, so that the editor needs no script inside its pages. */
(function () {
  "use strict";
  var known = /^(init(Date|Time|DateTime)Chooser|createTaskChooser|[A-Za-z]*Chooser|InlinePanel|MultipleChooserPanel)$/;

  function start(mark) {
    var make = window[mark.dataset.deskMaker];
    if (mark.dataset.deskStarted || !known.test(mark.dataset.deskMaker) || typeof make !== "function") return;
    mark.dataset.deskStarted = "yes";
    var options = JSON.parse(mark.dataset.deskSecond);
    if (/^(init|create)/.test(mark.dataset.deskMaker)) make(mark.dataset.deskFirst, options);
    else if (mark.dataset.deskFirst) new make(mark.dataset.deskFirst, options);
    else new make(options);
  }

  function startAll(root) {
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    if (root.matches("[data-desk-maker]")) start(root);
    root.querySelectorAll("[data-desk-maker]").forEach(start);
  }

  document.addEventListener("DOMContentLoaded", function () {
    startAll(document.body);
    new MutationObserver(function (changes) {
      changes.forEach(function (change) { change.addedNodes.forEach(startAll); });
    }).observe(document.body, { childList: true, subtree: true });
  });
})();
