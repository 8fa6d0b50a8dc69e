#include "scenarios/report/html_parts.hpp"

namespace wme::scenarios::html {

std::string_view style() {
  return R"css(
:root{color-scheme:light dark;
--bg:#f6f7f9;--paper:#fff;--ink:#18202b;--soft:#5b6675;--line:#dfe3e9;--edge:#b9c1cc;--stripe:#f3f5f8;--link:#2457b8;
--good:#12724a;--good-bg:#e3f5ec;--bad:#b3261e;--bad-bg:#fdebe9;--warn:#8a5a00;--warn-bg:#fdf2d9;
--plain-bg:#eceff3;--launchpad:#3a6fd8;--config-wizard:#8a55cc;--cloud:#d9791e;--host:#17937f;
--operator:#c8448a;--executor:#6a7585;--environment:#9a3b3b;--chain:#18202b;--p0:#dbe6fb;--p1:#fbe0dc;
--p2:#d8efe6;--p3:#efe3f8}
@media (prefers-color-scheme:dark){:root{
--bg:#10141a;--paper:#181d25;--ink:#e6eaf0;--soft:#98a3b3;--line:#2c343f;--edge:#4a5563;--stripe:#1e242d;--link:#8db4ff;
--good:#63d6a0;--good-bg:#143226;--bad:#ff8f85;--bad-bg:#3a1c1a;--warn:#f0c05a;--warn-bg:#352a12;
--plain-bg:#272e38;--launchpad:#6c9bf5;--config-wizard:#b48cf0;--cloud:#f0a050;--host:#3fc2ab;
--operator:#ee7db6;--executor:#8d99ab;--environment:#d87a7a;--chain:#fff;--p0:#21345c;--p1:#4a2523;
--p2:#1c4236;--p3:#3a2a4d}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
header,main,footer{max-width:1200px;margin:0 auto;padding:0 20px}
header{padding-top:20px}
h1{font-size:28px;line-height:1.2;margin:18px 0 6px;letter-spacing:-.01em}
h2{font-size:20px;margin:0 0 4px}
h3{font-size:17px;margin:0 0 4px}
h3 small{font-weight:400;color:var(--soft);font-size:13.5px;font-variant-numeric:tabular-nums}
a{color:var(--link)}
code,.mono{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em}
code{overflow-wrap:anywhere}
.lead,.note,.subject,footer,.none{color:var(--soft)}
.lead{margin:0 0 12px;max-width:80ch}
.note{font-size:13px}
.bad{color:var(--bad)}
.origin{border-radius:6px;padding:7px 12px;font-size:13.5px;background:var(--warn-bg);color:var(--warn)}
.origin b{text-transform:uppercase;letter-spacing:.06em;margin-right:6px}
.subject{display:flex;flex-wrap:wrap;gap:2px 20px;margin:0 0 16px}
.subject b{font-weight:600;color:var(--ink)}
.verdict{border-radius:8px;padding:12px 16px;border-left:5px solid}
.verdict strong{font-size:19px}
.verdict ul{margin:6px 0 0;padding-left:20px;color:var(--ink)}
.verdict.good{background:var(--good-bg);color:var(--good)}
.verdict.warn{background:var(--warn-bg);color:var(--warn)}
.verdict.bad{background:var(--bad-bg);color:var(--bad)}
.cards{display:grid;grid-template-columns:repeat(4,1fr);gap:12px;margin:14px 0 20px}
.card{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:12px 14px;min-width:0}
.card .name{font-size:12.5px;color:var(--soft);text-transform:uppercase;letter-spacing:.05em}
.card .value{font-size:24px;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.card.small .value{font-size:17px;line-height:1.75}
.card.missed{border-color:var(--bad)}.card.missed .value{color:var(--bad)}
nav{position:sticky;top:0;z-index:2;background:var(--bg);border-bottom:1px solid var(--line);overflow-x:auto;white-space:nowrap;padding:8px max(20px,calc((100% - 1160px)/2))}
nav a{margin-right:18px;text-decoration:none;font-size:14px}
nav a:hover{text-decoration:underline}
section{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:18px 20px;margin:18px 0;scroll-margin-top:46px}
.phase{border-top:1px solid var(--line);padding-top:16px;margin-top:18px}
.scroll{overflow-x:auto;overscroll-behavior-x:contain;margin:0 -4px;padding:0 4px}
.scroll:focus-visible{outline:2px solid var(--link)}
svg{display:block;font-family:inherit}
svg.dag{margin:0 auto}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{text-align:left;font-weight:600;color:var(--soft);border-bottom:1px solid var(--line);padding:6px 10px 6px 0;white-space:nowrap}
td{border-bottom:1px solid var(--line);padding:5px 10px 5px 0;vertical-align:baseline}
th.mono{font-family:inherit;font-size:inherit}
tbody tr:last-child td{border-bottom:0}
td.num,th.num{text-align:right;padding-right:18px;font-variant-numeric:tabular-nums;white-space:nowrap}
td.mono{white-space:nowrap}
td.wide{min-width:16em;white-space:normal;overflow-wrap:anywhere}
td.after{max-width:9em;white-space:normal;color:var(--soft)}
td.share{white-space:nowrap;font-variant-numeric:tabular-nums}
.meter{display:inline-block;width:140px;height:9px;border-radius:3px;background:var(--plain-bg);margin-right:10px;overflow:hidden}
.meter i{display:block;height:100%;background:var(--launchpad)}
.badge{display:inline-block;border-radius:4px;padding:0 7px;font-size:12.5px;line-height:20px;white-space:nowrap}
.badge.good{background:var(--good-bg);color:var(--good)}.badge.bad{background:var(--bad-bg);color:var(--bad)}
.badge.warn{background:var(--warn-bg);color:var(--warn)}.badge.plain{background:var(--plain-bg);color:var(--soft)}
details{margin:10px 0}
summary{cursor:pointer;font-weight:600;font-size:14px;padding:4px 0}
.legend{display:flex;flex-wrap:wrap;gap:2px 16px;font-size:13px;color:var(--soft);margin:4px 0 8px}
.key i{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:6px;vertical-align:-1px;background:currentColor}
.key i.chain{height:3px;border-radius:0;vertical-align:3px;background:var(--chain)}
.milestones{columns:2;column-gap:36px;margin:10px 0 4px;padding-left:22px;font-size:14px}
.milestones li{break-inside:avoid}
time{font-variant-numeric:tabular-nums;color:var(--soft);margin-right:6px}
.facts{display:grid;grid-template-columns:minmax(140px,220px) 1fr;gap:7px 18px;margin:0 0 14px;font-size:14px}
.facts dt{color:var(--soft)}.facts dd{margin:0;min-width:0}.facts ul{margin:0;padding-left:18px}
.filter{display:none;gap:14px;align-items:center;flex-wrap:wrap;margin:6px 0 8px;font-size:13.5px;color:var(--soft)}
.js .filter{display:flex}
.filter input[type=search]{flex:0 1 320px;min-width:0;font:inherit;color:var(--ink);background:var(--bg);border:1px solid var(--line);border-radius:6px;padding:5px 9px}
footer{padding:4px 20px 40px;font-size:13px}
.d-launchpad{fill:var(--launchpad);color:var(--launchpad)}.d-config-wizard{fill:var(--config-wizard);color:var(--config-wizard)}
.d-cloud{fill:var(--cloud);color:var(--cloud)}.d-host{fill:var(--host);color:var(--host)}
.d-operator{fill:var(--operator);color:var(--operator)}.d-executor{fill:var(--executor);color:var(--executor)}
.d-environment{fill:var(--environment);color:var(--environment)}
svg text{fill:var(--ink);font-size:12.5px}
svg .tick,svg .length,svg .runbook,svg .node-note{fill:var(--soft);font-size:11.5px}
svg text.bad{fill:var(--bad)}
svg .touch{fill:transparent}svg .stripe{fill:var(--stripe)}svg .r:hover .touch{fill:var(--link);fill-opacity:.08}
svg .grid{stroke:var(--line)}svg .axis{stroke:var(--soft)}
svg .envelope{fill-opacity:.2}
svg .critical{stroke:var(--chain);stroke-width:2}
svg .phase{stroke:var(--line)}
svg .p0{fill:var(--p0)}svg .p1{fill:var(--p1)}svg .p2{fill:var(--p2)}svg .p3{fill:var(--p3)}
svg .phase-name{font-weight:600}
svg .pin{stroke:var(--soft)}svg .pin-head{fill:var(--ink)}svg text.pin-text{fill:var(--paper);font-size:11px;font-weight:600}
svg .node{fill:var(--paper);stroke:var(--edge)}svg .node.on-chain{stroke:var(--chain);stroke-width:1.5}
svg .node.failed{fill:var(--bad-bg);stroke:var(--bad)}
svg .edge{fill:none;stroke:var(--soft);stroke-opacity:.55;stroke-width:1.2}
svg .edge.head{fill:var(--soft);fill-opacity:.8;stroke:none}
svg .edge.on-chain{stroke:var(--chain);stroke-opacity:1;stroke-width:1.8}svg .edge.on-chain.head{fill:var(--chain);stroke:none}
@media (max-width:900px){.cards{grid-template-columns:repeat(2,1fr)}.milestones{columns:1}}
@media (max-width:560px){header,main{padding-left:12px;padding-right:12px}section{padding:14px 12px}h1{font-size:22px}
.card{padding:9px 11px}.card .value{font-size:19px}.card.small .value{font-size:14px}.card .note{font-size:12px}
.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:8px}.meter{width:70px}nav{padding-left:12px}}
@media print{:root{color-scheme:light}body{background:#fff;font-size:11px}nav,.filter,.js .filter{display:none}
section,.card{border:0;padding:6px 0;break-inside:auto}.scroll{overflow:visible}svg{max-width:100%;height:auto}
tr,.card,svg{break-inside:avoid}header,main,footer{max-width:none}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";
}

std::string_view script() {
  return R"js(
(function () {
  document.documentElement.classList.add("js");
  function apply(id) {
    var words = document.querySelector('[data-filter="' + id + '"]').value.toLowerCase().split(/\s+/);
    var box = document.querySelector('[data-problems="' + id + '"]');
    var rows = document.getElementById(id).tBodies[0].rows, shown = 0;
    for (var i = 0; i < rows.length; i++) {
      var text = rows[i].textContent.toLowerCase();
      var keep = words.every(function (word) { return text.indexOf(word) >= 0; }) &&
        !(box && box.checked && !rows[i].classList.contains("problem"));
      rows[i].hidden = !keep;
      shown += keep ? 1 : 0;
    }
    document.querySelector('[data-count="' + id + '"]').textContent = shown + " of " + rows.length;
  }
  document.querySelectorAll("[data-filter]").forEach(function (field) {
    var id = field.dataset.filter, box = document.querySelector('[data-problems="' + id + '"]');
    field.addEventListener("input", function () { apply(id); });
    if (box) box.addEventListener("change", function () { apply(id); });
    apply(id);
  });
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.prototype.filter.call(document.querySelectorAll("details"), function (one) {
      return !one.open && one.querySelectorAll("tr").length < 200;
    });
    closed.forEach(function (one) { one.open = true; });
  });
  window.addEventListener("afterprint", function () {
    closed.forEach(function (one) { one.open = false; });
  });
})();
)js";
}

}  // namespace wme::scenarios::html
