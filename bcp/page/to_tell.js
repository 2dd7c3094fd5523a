(function () {
  "use strict";
  var form = document.querySelector("form"), key = "bcp " + form.getAttribute("data-key"), kept = {};
  try { kept = JSON.parse(localStorage.getItem(key) || "{}"); } catch (error) { kept = {}; }
  function mark(input) {
    var shown = document.querySelectorAll('[data-of="' + input.name + '"]'), number;
    for (number = 0; number < shown.length; number += 1) {
      shown[number].className = shown[number].getAttribute("data-is") === input.value ? "on" : "";
    }
  }
  Object.keys(kept).forEach(function (name) {
    var input = document.getElementById(name + "-" + kept[name]);
    if (input) { input.checked = true; mark(input); }
  });
  form.addEventListener("change", function (event) {
    var input = event.target;
    kept[input.name] = input.value;
    mark(input);
    try { localStorage.setItem(key, JSON.stringify(kept)); } catch (error) { return; }
  });
}());
