(function () {
  'use strict';
  var form = document.getElementById('search');
  var box = document.getElementById('find');
  var found = document.getElementById('found');
  var plain = function (text) {
    return text.toLowerCase().replace(/[\u2018\u2019]/g, "'").replace(/\s+/g, ' ');
  };
  var all = Array.prototype.slice;
  var items = all.call(document.querySelectorAll('[data-find]')).map(function (item) {
    return { item: item, text: plain(item.textContent + ' ' + item.getAttribute('data-find')) };
  });
  var groups = all.call(document.querySelectorAll('[data-group]'));
  var filter = function () {
    var asked = plain(box.value).trim();
    // The reference of a case is one thing, not three numbers.
    var words = (/^\d[\d ]*$/.test(asked) ? [asked] : asked.split(' ')).filter(Boolean);
    var count = 0;
    items.forEach(function (entry) {
      var fits = words.every(function (word) { return entry.text.indexOf(word) >= 0; });
      entry.item.hidden = !fits;
      count += fits ? 1 : 0;
    });
    groups.forEach(function (group) {
      group.hidden = !group.querySelector('[data-find]:not([hidden])');
    });
    all.call(document.querySelectorAll('[data-whole]')).forEach(function (part) {
      part.hidden = words.length > 0;
    });
    found.textContent = words.length
      ? (count || 'None') + ' of ' + items.length + ' ' + found.getAttribute('data-things')
      : '';
  };
  form.addEventListener('submit', function (event) { event.preventDefault(); filter(); });
  box.addEventListener('input', filter);
  // A link from elsewhere must arrive, whatever was typed before.
  addEventListener('hashchange', function () {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest('[hidden]')) { box.value = ''; filter(); target.scrollIntoView(); }
  });
  form.hidden = false;
  var asked = new URLSearchParams(location.search).get('q');
  if (asked) { box.value = asked; }
  if (box.value) { filter(); }
}());
